"""What a request may say of items."""

from typing import Annotated

from pydantic import Field

from slatewright.events.records import ItemUpdate
from slatewright.serve.requests import EventIn, Id, Number, Strict, Word

Texts = Annotated[list[Word], Field(max_length=1000)]
Text = Annotated[str, Field(max_length=10_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Fact = bool | Number | Text | Texts


class ItemIn(EventIn):
    """Facts of one item as they are now."""

    item_id: Id
    facts: Annotated[dict[Name, Fact], Field(min_length=1, max_length=100)] = Field(
        description="The facts that changed, of the types that they had in training: a number for a price."
    )


class ItemsIn(Strict):
    """A batch of changes; of two changes of one fact the later one holds."""

    items: Annotated[tuple[ItemIn, ...], Field(min_length=1)]


def record_of(item: ItemIn, now: int, where: str) -> ItemUpdate:
    """The update as the log has it."""
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in item.facts.items()}
    return ItemUpdate(item.named(), item.item_id, item.when(now, f"{where}.time"), facts)
