"""Users change: where they live, what they never want to see."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi import Request as Sent

from slatewright.core.clock import wall_clock
from slatewright.core.errors import BadInput
from slatewright.events.journal import Events
from slatewright.events.records import UserUpdate
from slatewright.pipeline.fact_columns import nearest, unheard_fact
from slatewright.serve.requests import BadField
from slatewright.serve.responses import FactsReceiptOut
from slatewright.serve.routes import MOST_WARNINGS, Serving, taken
from slatewright.serve.service import Service
from slatewright.serve.user_requests import UsersIn, record_of

router = APIRouter(prefix="/api", tags=["users"])


@router.post("/users", summary="Tell facts of users: country, brands they block")
async def post_users(body: UsersIn, service: Serving, sent: Sent) -> FactsReceiptOut:
    """Tell facts of users. The answer comes once they are on the disk.

    The next slate obeys them: rules, what people with the same facts like, features that read them. Facts that are not
    named stay as they are; one that no user had in training waits for the next, with a
    warning that names it.
    """
    events, receipt = await taken(sent, lambda: _updates(body, service), len(body.users))
    warnings = _warnings(service, events.user_updates)
    return FactsReceiptOut(accepted=receipt.accepted, duplicates=receipt.duplicates, warnings=warnings)


def _warnings(service: Service, updates: Sequence[UserUpdate]) -> list[str]:
    """What is told of facts that no user had when the live bundle learned."""
    bundle = service.pointer.bundle
    if bundle is None:
        return []
    known = set(bundle.world.user_facts.columns)
    unheard = {name for update in updates for name in update.facts} - known
    return [unheard_fact(*one, of="users") for one in nearest(unheard, known, MOST_WARNINGS).items()]


def _updates(body: UsersIn, service: Service) -> Events:
    most, now = service.serving.max_events, wall_clock()
    if len(body.users) > most:
        raise BadField("users", f"must be at most {most}", len(body.users))
    bundle = service.pointer.bundle
    for at, user in enumerate(body.users):
        for name, value in user.facts.items():
            try:
                service.told.check(name, value, None if bundle is None else bundle.world)
            except BadInput as error:
                raise BadField(f"users.{at}.facts.{name}", str(error).partition(", got ")[0], value) from error
    return Events(user_updates=[record_of(user, now, f"users.{at}") for at, user in enumerate(body.users)])
