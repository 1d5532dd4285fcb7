"""What people see of an item: its title, price, shelves and picture."""

from collections.abc import Sequence
from urllib.parse import quote

from slatewright.data.catalogue import Catalogue
from slatewright.pipeline.slate import Slate
from slatewright.serve.live_bundle import LiveBundle
from slatewright.serve.responses import ItemOut, SlateOut

PRICE_FACTS = ("price", "unit_price", "UnitPrice", "Price")
IMAGE_FACTS = ("image", "image_url", "picture", "img")


def show(bundle: LiveBundle, slate: Slate, user_id: str | None, image_hosts: Sequence[str]) -> SlateOut:
    """A slate, ready for a page."""
    catalogue = bundle.world.catalogue
    items = [
        show_item(catalogue, placed.item_id, image_hosts, placed.position, placed.score, placed.source)
        for placed in slate.items
    ]
    return SlateOut(
        slate_id=slate.slate_id, user_id=user_id, items=items, fallback=slate.fallback, version=bundle.version
    )


def show_item(
    catalogue: Catalogue,
    item_id: str,
    image_hosts: Sequence[str],
    position: int,
    score: float | None = None,
    source: str = "",
) -> ItemOut:
    """One item, with what the catalogue knows of it."""
    item = catalogue.items.find(item_id)
    facts = {} if item is None else catalogue.facts_of(item)
    return ItemOut(
        position=position,
        item_id=item_id,
        score=score,
        source=source,
        title=item_id if item is None else catalogue.title(item),
        price=_price(facts),
        categories=[] if item is None else catalogue.categories_of(item),
        image=_image(item_id, facts, image_hosts),
    )


def _price(facts: dict[str, object]) -> float | None:
    for name in PRICE_FACTS:
        value = facts.get(name)
        if isinstance(value, int | float) and 0 <= value < float("inf"):
            return float(value)
    return None


def _image(item_id: str, facts: dict[str, object], hosts: Sequence[str]) -> str:
    """The item's own picture where it lies on a host that the page may load from, a drawn one otherwise."""
    for name in IMAGE_FACTS:
        address = str(facts.get(name, ""))
        if any(address.startswith(host.rstrip("/") + "/") for host in hosts):
            return address
    return f"/pictures/{quote(item_id, safe='')}.svg"
