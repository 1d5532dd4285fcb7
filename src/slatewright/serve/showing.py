"""What people see of an item: its title, price, shelves and picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote

from slatewright.data.catalogue import Catalogue
from slatewright.pipeline.item_facts import ItemFacts

PRICE_FACTS = ("price", "unit_price", "UnitPrice", "Price")
IMAGE_FACTS = ("image", "image_url", "picture", "img")
REMEMBERED = 50_000  # items; looking one up in the tables costs more than all the rest of an answer


@dataclass(frozen=True, slots=True)
class Shown:
    """One item as a page shows it; ``image`` is its own picture, None where it has none, ``drawn`` one we draw."""

    title: str
    price: float | None
    categories: tuple[str, ...]
    image: str | None
    drawn: str


Window: TypeAlias = Callable[[str], Shown]


def window(catalogue: Catalogue, item_facts: ItemFacts | None = None) -> Window:
    """What to show of any item of a catalogue, by its id; remembers what was asked.

    What ``item_facts`` were told since training is shown in place of what the catalogue knows.
    """

    @lru_cache(maxsize=REMEMBERED)
    def known(item_id: str) -> Shown:
        item = catalogue.items.find(item_id)
        if item is None:
            return Shown(item_id, None, (), None, _drawn(item_id))
        return _shown(catalogue, item_id, item, catalogue.facts_of(item))

    def look(item_id: str) -> Shown:
        if item_facts is None or not item_facts.told:
            return known(item_id)
        item = catalogue.items.find(item_id)
        if item is None or item not in item_facts.told:
            return known(item_id)
        return _shown(catalogue, item_id, item, item_facts.facts_of(item))

    return look


def _shown(catalogue: Catalogue, item_id: str, item: int, facts: dict[str, object]) -> Shown:
    image = next((str(facts[name]) for name in IMAGE_FACTS if facts.get(name)), None)
    title, categories = catalogue.title_among(facts, item), tuple(catalogue.categories_of(item))
    return Shown(title, _price(facts), categories, image, _drawn(item_id))


def _drawn(item_id: str) -> str:
    return f"/pictures/{quote(item_id, safe='')}.svg"


def image_of(shown: Shown, hosts: Sequence[str]) -> str:
    """The item's own picture where it lies on a host that pages may load from, a drawn one otherwise."""
    own = shown.image
    if own is not None and any(own.startswith(host.rstrip("/") + "/") for host in hosts):
        return own
    return shown.drawn


def _price(facts: dict[str, object]) -> float | None:
    for name in PRICE_FACTS:
        value = facts.get(name)
        if isinstance(value, int | float) and 0 <= value < float("inf"):
            return float(value)
    return None
