"""Features: declared once, read live and replayed for training, to the same numbers.

    FeatureSet((Count("purchase", 7), ...)).bind(catalogue) -> BoundFeatures
        .names                                    the columns
        .counters(events, as_of)                  what a bundle holds of the events before an instant
        .read(moment, items, counts)              float32 (n, n_features), live
        .replay(events, moments, offsets, items)  float32 (total, n_features), one pass in the order of time

A feature is a frozen dataclass that adds what it needs to a ``Plan`` and says how its column comes of it. The item's
side is counted over the shop (``counts``); the user's side is read from the history that asks (``own``), so that it
needs no state. Every number is finite; where nothing is known a feature says what no event would say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Times
from slatewright.data.histories import Histories

if TYPE_CHECKING:
    from slatewright.features.plan import Plan

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moment:
    """One request: ``now`` (µs UTC), exactly one history, what the request told of its user, where it shows."""

    now: int
    history: Histories
    facts: Mapping[str, str] = field(default_factory=dict)
    surface: str = ""


@dataclass(frozen=True, slots=True)
class Moments:
    """Many requests: moment ``m`` at ``times[m]`` asks with the events of history ``owner[m]`` before that instant.

    ``times`` int64 (m,) µs UTC in any order; ``owner`` int32 (m,) into ``histories``, whose events are in the order of
    time; without it every moment has a history of its own. ``surfaces`` and ``facts``, where told, have (m,) entries.
    """

    times: Times
    histories: Histories
    owner: Index | None = None
    surfaces: Sequence[str] | None = None
    facts: Sequence[Mapping[str, str]] | None = None

    def __len__(self) -> int:
        return len(self.times)

    def owners(self) -> Index:
        """The history of each moment, int32 (m,)."""
        return np.arange(len(self), dtype=np.int32) if self.owner is None else self.owner

    @classmethod
    def of(cls, moment: Moment) -> "Moments":
        """The one moment."""
        return cls(np.array([moment.now]), moment.history, surfaces=(moment.surface,), facts=(moment.facts,))


class Op(NamedTuple):
    """How a column comes of what the plan gathers: a code of ``reading``, up to three places, up to three numbers."""

    code: int
    a: int = 0
    b: int = 0
    c: int = 0
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0


class Feature(Protocol):
    """One column of the table that a learned score reads."""

    @property
    def name(self) -> str:
        """The name of the column."""

    def planned(self, plan: "Plan") -> Op:
        """Add to the plan what this feature needs, and say how its column comes of it."""


class Asking(Protocol):
    """A number that a request says by itself, the same for all of its candidates."""

    def of(self, moments: Moments) -> Numbers:
        """The number of each moment, float64 (m,), finite."""
