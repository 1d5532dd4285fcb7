"""What the server answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field

from slatewright.pipeline.slate import Placed, Slate
from slatewright.serve.live_bundle import LiveBundle
from slatewright.serve.showing import image_of


@dataclass(slots=True)
class ItemOut:
    """One item of a slate."""

    position: Annotated[int, Field(description="Place in the slate, from 1.")]
    item_id: str
    score: Annotated[float | None, Field(description="How strongly it was marked; comparable within one slate only.")]
    source: Annotated[str, Field(description="Who proposed it, and ranked it best.")]
    sources: Annotated[
        tuple[str, ...], Field(description="All who proposed it; empty for what fills a slate that was too short.")
    ] = ()
    title: str | None = None
    price: float | None = None
    categories: tuple[str, ...] = ()
    image: Annotated[str | None, Field(description="Where the picture lies; a drawn one where the item has none.")] = (
        None
    )

    @classmethod
    def of(
        cls,
        bundle: LiveBundle,
        item_id: str,
        image_hosts: Sequence[str],
        position: int,
        placed: Placed | None = None,
    ) -> Self:
        """One item, with what the bundle's catalogue knows of it, and how it was ``placed`` where a slate has it."""
        shown = bundle.window(item_id)
        image = image_of(shown, image_hosts)
        score, source, sources = (None, "", ()) if placed is None else (placed.score, placed.source, placed.sources)
        return cls(position, item_id, score, source, sources, shown.title, shown.price, shown.categories, image)


@dataclass(slots=True)
class SlateOut:
    """An ordered list of items, and what it took to make it."""

    slate_id: Annotated[
        str, Field(description="Send it back with events, so that a click is joined to what caused it.")
    ]
    user_id: str | None
    items: list[ItemOut]
    fallback: Annotated[str | None, Field(description="Null, or which fallback helped to fill the slate.")]
    version: Annotated[str, Field(description="The bundle that answered.")]
    skipped: Annotated[
        tuple[str, ...], Field(description="Sources that broke or were too late: the slate was made without them.")
    ] = ()

    @classmethod
    def of(cls, bundle: LiveBundle, slate: Slate, user_id: str | None, image_hosts: Sequence[str]) -> Self:
        """A slate, ready for a page."""
        items = [ItemOut.of(bundle, placed.item_id, image_hosts, placed.position, placed) for placed in slate.items]
        skipped = tuple(note.name for note in slate.trace.notes if note.stage == "source")
        return cls(slate.slate_id, user_id, items, slate.fallback, bundle.version, skipped)

    def json(self) -> bytes:
        """The answer as it goes over the wire; a plain record costs a third of a checked one."""
        return orjson.dumps(self)


class ReceiptOut(BaseModel):
    """The events are on disk."""

    accepted: int
    duplicates: int = Field(description="Events that were already there, known by event_id.")


class FactsReceiptOut(ReceiptOut):
    """The facts are on disk, and hold."""

    warnings: list[str] = Field(
        description="Facts that nobody knew in training, of any item or any user, with the known name that each is "
        "like. They are kept for the next training."
    )


class ItemsReceiptOut(FactsReceiptOut):
    """The facts of items are on disk, and hold."""

    known: int = Field(description="How many of the changes are of items that the live bundle knows; others wait.")


class ReasonsOut(BaseModel):
    """Why an item stands in a slate, or why not; besides these fields, every number of the trace."""

    model_config = ConfigDict(extra="allow")

    shown: bool
    item_id: str
    title: str
    user_id: str | None
    position: int | None = Field(description="Place in the slate, from 1; null where it is not shown.")
    sentences: list[str] = Field(description="In words, most important first.")


class FieldProblem(BaseModel):
    """One field that cannot be used."""

    field: str
    message: str
    got: str


class RefusalOut(BaseModel):
    """Why a request was refused."""

    detail: str
    errors: list[FieldProblem] = Field(default_factory=list)


class ReadyOut(BaseModel):
    """Whether slates can be answered."""

    ready: bool
    version: str | None
    refused: str | None = Field(None, description="Why the promoted bundle is not the live one, where that is so.")
    policy: str | None = Field(None, description="Why policy.toml does not hold, where that is so; older rules do.")
    pending: int = Field(0, description="Events in the journal that wait for their way into the log.")


class LiveOut(BaseModel):
    """The process runs."""

    live: bool


class ShopOut(BaseModel):
    """What the shop page says about the shop."""

    name: str
    version: str
    items: int
    users: int
    categories: list[str]
    examples: list[str] = Field(description="A few user_ids to try.")
