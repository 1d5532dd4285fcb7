"""What there is to say about one item and one query; numbers first, ``words`` makes sentences of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Proposed:
    """A source offered the item: at which rank (from 1), of how many, with which score, and how it was found."""

    source: str
    rank: int
    of: int
    score: float
    how: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """An order moved the item: places from 1 among the survivors."""

    order: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Because:
    """A thing in the user's history that speaks for the item: its share of all that speaks for it, 0 to 1."""

    item_id: str
    title: str
    share: float


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that the facts of the item and of the history have in common: its share of all of that, 0 to 1."""

    words: str
    share: float


@dataclass(frozen=True)
class Explanation:
    """The trace of one query, seen from one item.

    ``position`` is the place in the slate (from 1), None when it is not shown; ``place`` the place among the
    ``n_survivors`` that passed the filters, None when it did not get so far. ``dropped_by`` names every filter that
    drops it, ``rules`` the shop's rules that do. ``parts`` are what each model adds to ``score``. ``last_score`` is the
    score of the last item shown. ``model_ranks`` gives, for each model that proposes, where it stands among all items.
    """

    item_id: str
    title: str
    user_id: str | None
    k: int
    position: int | None = None
    place: int | None = None
    n_survivors: int = 0
    score: float | None = None
    last_score: float | None = None
    proposed: tuple[Proposed, ...] = ()
    dropped_by: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    parts: Mapping[str, float] = field(default_factory=dict)
    because: tuple[Because, ...] = ()
    because_model: str | None = None
    shared: tuple[Shared, ...] = ()
    shared_model: str | None = None
    moved: tuple[Moved, ...] = ()
    model_ranks: Mapping[str, int] = field(default_factory=dict)
    n_items: int = 0
    fallback: str | None = None
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()

    @property
    def shown(self) -> bool:
        """Whether the item is in the slate."""
        return self.position is not None

    def as_dict(self) -> dict[str, Any]:
        """Everything, in plain values for JSON."""
        return {"shown": self.shown, **asdict(self)}
