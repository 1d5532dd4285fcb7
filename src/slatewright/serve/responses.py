"""What the server answers."""

from pydantic import BaseModel, ConfigDict, Field


class ItemOut(BaseModel):
    """One item of a slate."""

    position: int = Field(description="Place in the slate, from 1.")
    item_id: str
    score: float | None = Field(description="How strongly it was marked; comparable within one slate only.")
    source: str = Field(description="Who proposed it.")
    title: str | None = None
    price: float | None = None
    categories: list[str] = Field(default_factory=list)
    image: str | None = Field(None, description="Where the picture lies; a drawn one where the item has none.")


class SlateOut(BaseModel):
    """An ordered list of items, and what it took to make it."""

    slate_id: str = Field(description="Send it back with events, so that a click is joined to what caused it.")
    user_id: str | None
    items: list[ItemOut]
    fallback: str | None = Field(description="Null, or which fallback helped to fill the slate.")
    version: str = Field(description="The bundle that answered.")


class ReceiptOut(BaseModel):
    """The events are on disk."""

    accepted: int
    duplicates: int = Field(description="Events that were already there, known by event_id.")


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
