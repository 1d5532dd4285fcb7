"""Items change: a price, a stock, what is hidden."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from fastapi import Request as Sent

from slatewright.core.clock import wall_clock
from slatewright.core.errors import BadInput
from slatewright.events.journal import Events
from slatewright.events.records import ItemUpdate
from slatewright.pipeline.fact_columns import unheard_fact
from slatewright.serve.item_requests import ItemsIn, record_of
from slatewright.serve.requests import BadField
from slatewright.serve.responses import ItemsReceiptOut
from slatewright.serve.routes import MOST_WARNINGS, Serving, taken
from slatewright.serve.service import Service

router = APIRouter(prefix="/api", tags=["items"])


@router.post("/items", summary="Tell facts of items: price, stock, hidden")
async def post_items(body: ItemsIn, service: Serving, sent: Sent) -> ItemsReceiptOut:
    """Tell facts of items. The answer comes once they are on the disk.

    The next slate obeys them: rules, filters, what is in stock. Facts that are not named stay as they are. An item that
    the live bundle does not know, and a fact that no rule asks for, wait for the next training. A fact that nobody
    knows of any item yet is taken in with a warning that names it.
    """
    events, receipt = await taken(sent, lambda: _updates(body, service), len(body.items))
    known = service.known(events.item_updates)
    warnings = _warnings(service, events.item_updates)
    return ItemsReceiptOut(accepted=receipt.accepted, duplicates=receipt.duplicates, known=known, warnings=warnings)


def _warnings(service: Service, updates: Sequence[ItemUpdate]) -> list[str]:
    """What is told of facts that the live bundle knows of no item."""
    bundle = service.pointer.bundle
    if bundle is None:
        return []
    names = {name for update in updates for name in update.facts}
    return [unheard_fact(*one) for one in bundle.world.item_facts.unheard(names, MOST_WARNINGS).items()]


def _updates(body: ItemsIn, service: Service) -> Events:
    most, now = service.serving.max_events, wall_clock()
    if len(body.items) > most:
        raise BadField("items", f"must be at most {most}", len(body.items))
    for at, item in enumerate(body.items):
        _check(service, f"items.{at}.facts", item.facts)
    return Events(item_updates=[record_of(item, now, f"items.{at}") for at, item in enumerate(body.items)])


def _check(service: Service, where: str, facts: Mapping[str, object]) -> None:
    bundle = service.pointer.bundle
    for name, value in facts.items():
        try:
            service.facts.check(name, value, None if bundle is None else bundle.world)
        except BadInput as error:
            raise BadField(f"{where}.{name}", str(error).partition(", got ")[0], value) from error
