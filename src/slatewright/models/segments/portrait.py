"""What sets a segment apart, as plain numbers and small tables."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Over:
    """Something that is more common in a segment than among all: an item, a category, a word.

    ``count`` of the segment's ``share`` (0..1) against everybody's ``usual`` share; ``lift`` is the one over the other.
    """

    name: str
    title: str
    count: int
    share: float
    usual: float

    @property
    def lift(self) -> float:
        return self.share / self.usual if self.usual else 0.0


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric fact: its mean in the segment and among all, and how many deviations lie between."""

    name: str
    mean: float
    usual: float
    deviations: float


@dataclass(frozen=True, slots=True)
class Mode:
    """A categorical fact: the value that is most over-represented, its share in the segment and among all."""

    name: str
    value: str
    share: float
    usual: float


@dataclass(frozen=True, slots=True)
class Portrait:
    """One segment. ``share`` of all that could be placed; ``events_share`` of all events; ``recent_days`` is the
    median of the days since the last event, None where there is none.

    ``items``: for segments of users what they take more than others; for segments of items its most frequent ones.
    """

    number: int
    name: str
    size: int
    share: float
    events: int
    events_share: float
    recent_days: float | None
    items: tuple[Over, ...]
    categories: tuple[Over, ...]
    words: tuple[Over, ...]
    numbers: tuple[Number, ...]
    modes: tuple[Mode, ...]

    @property
    def activity(self) -> float:
        """Events of one member, on average."""
        return self.events / self.size

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        lists = ("items", "categories", "words")
        plain = {name: value for name, value in asdict(self).items() if name not in lists}
        return plain | {name: [_with_lift(one) for one in getattr(self, name)] for name in lists}


def _with_lift(one: Over) -> Mapping[str, Any]:
    return asdict(one) | {"lift": one.lift}
