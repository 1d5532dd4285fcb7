"""What more people take now than they did a while ago."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.histories import Histories
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.sources.best import best_of
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class TrendingSource:
    """Propose the items that more people took in the last days than in as many days before, given the shop's growth.

    The score is by how many standard deviations of chance an item rose. Windows end when the bundle was trained.
    """

    days: Annotated[float, Knob("length of the two windows that are compared", above=0)] = 7.0
    least_people: Annotated[int, Knob("so many different people must have taken an item in the last one", least=1)] = 5
    limit: Annotated[int, Knob("how many items to propose", least=1)] = 50
    name: str = "trending"

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Source:
        """Count people in both windows once."""
        length, n_items = int(self.days * MICROSECONDS_PER_DAY), len(world.catalogue)
        known, middle = world.known.histories, world.as_of - length
        now = people(known, middle, world.as_of, n_items)
        before = people(known, middle - length, middle, n_items)
        expected = before * (now.sum() / max(float(before.sum()), 1.0))
        rise = (now - expected) / np.sqrt(np.maximum(now + expected, 1.0))
        items = np.flatnonzero((now >= self.least_people) & (rise > 0)).astype(np.int32)
        return _Bound(self.name, best_of(items, rise[items].astype(np.float32), self.limit))


def people(histories: Histories, start: int, stop: int, n_items: int) -> Array:
    """How many different people took each item from one instant to before another, float64 (n_items,)."""
    within = (histories.times >= start) & (histories.times < stop) & (histories.weights > 0)
    owner = np.repeat(np.arange(len(histories)), histories.lengths())[within]
    pairs = np.unique(owner * n_items + histories.items[within])
    return np.bincount(pairs % max(n_items, 1), minlength=n_items).astype(np.float64)


@dataclass(frozen=True)
class _Bound:
    name: str
    ranked: Proposal
    in_memory: ClassVar[bool] = True

    def propose(self, query: Query) -> Proposal:
        return self.ranked
