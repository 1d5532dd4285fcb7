"""What a data report says, as plain numbers and small tables."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Protocol

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import iso
from slatewright.data.cleaning import StepCount
from slatewright.data.report.spread import Spread


class Imported(Protocol):
    """What became of the rows of an import: read = kept + merged + quarantined."""

    @property
    def read(self) -> int: ...
    @property
    def kept(self) -> int: ...
    @property
    def merged(self) -> int: ...
    @property
    def quarantined(self) -> int: ...
    @property
    def steps(self) -> Sequence[StepCount]: ...
    @property
    def labels(self) -> Frame: ...


@dataclass(frozen=True, slots=True)
class Newcomers:
    """How much of the last fifth of the events a model of the time before could not know."""

    since: int  # µs: where the last fifth begins
    events: int
    events_of_new_users: int
    events_on_new_items: int
    users: int
    new_users: int
    items: int
    new_items: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row without any event."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class DataReport:
    """The state of a shop's events.

    ``users``, ``items``, ``pairs`` and the spreads do not count returns. Frames: ``kinds`` (kind, events, users,
    items), ``days`` (day, kind, events), ``hours`` (weekday from 1, hour UTC, events), ``top`` and ``suspects``
    (item_id, title, events, users). ``warm_*`` have facts and no events. ``closed`` are weekdays that hardly ever have
    an event, ``gaps`` the other days without any, longest first.
    """

    name: str
    events: int
    users: int
    items: int
    pairs: int
    first: int
    last: int
    kinds: Frame
    days: Frame
    hours: Frame
    per_user: Spread
    per_item: Spread
    newcomers: Newcomers
    gaps: tuple[Gap, ...]
    closed: tuple[str, ...]
    top: Frame
    suspects: Frame
    warm_users: int = 0
    warm_items: int = 0
    imported: Imported | None = None
    version: str = field(default="")

    @property
    def density(self) -> float:
        """The share of all (user, item) pairs that have an event."""
        return self.pairs / (self.users * self.items) if self.pairs else 0.0

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        shares = (0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
        return {
            "name": self.name,
            "version": self.version,
            "events": self.events,
            "users": self.users,
            "items": self.items,
            "pairs": self.pairs,
            "density": self.density,
            "first": iso(self.first),
            "last": iso(self.last),
            "kinds": self.kinds.to_dicts(),
            "events_per_user": {f"p{round(100 * share)}": self.per_user.quantile(share) for share in shares},
            "events_per_item": {f"p{round(100 * share)}": self.per_item.quantile(share) for share in shares},
            "newcomers": {**asdict(self.newcomers), "since": iso(self.newcomers.since)},
            "gaps": [{"first": gap.first.isoformat(), "last": gap.last.isoformat()} for gap in self.gaps],
            "closed": list(self.closed),
            "top": self.top.to_dicts(),
            "suspects": self.suspects.to_dicts(),
            "warm_users": self.warm_users,
            "warm_items": self.warm_items,
            "imported": None if self.imported is None else _accounts(self.imported),
        }


def _accounts(imported: Imported) -> dict[str, Any]:
    return {
        "read": imported.read,
        "kept": imported.kept,
        "merged": imported.merged,
        "quarantined": imported.quarantined,
        "steps": [asdict(step) for step in imported.steps],
        "labels": imported.labels.to_dicts(),
    }


EMPTY_ITEMS = pl.Schema({"item_id": pl.String(), "title": pl.String(), "events": pl.UInt32(), "users": pl.UInt32()})
