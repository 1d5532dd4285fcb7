"""What is new in the shop."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from slatewright.core.arrays import Index, Times
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class RecentSource:
    """Propose the items that came to the shop last, newest first; the score is minus the age in days."""

    days: Annotated[float, Knob("an item is new for so many days after it was first seen", above=0)] = 30.0
    limit: Annotated[int, Knob("how many items to propose", least=1)] = 50
    name: str = "recent"

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Source:
        """Sort the catalogue by arrival once."""
        first_seen = world.catalogue.first_seen
        items = np.lexsort((np.arange(len(first_seen)), -first_seen)).astype(np.int32)
        return _Bound(self.name, items, -first_seen[items], self.days, self.limit)


@dataclass(frozen=True)
class _Bound:
    name: str
    items: Index
    arrival: Times  # minus the instant at which it was first seen, newest first
    days: float
    limit: int
    in_memory: ClassVar[bool] = True

    def propose(self, query: Query) -> Proposal:
        oldest = query.now - int(self.days * MICROSECONDS_PER_DAY)
        start, end = np.searchsorted(self.arrival, (-query.now, -oldest)).tolist()
        stop = min(start + self.limit, end)
        age = (query.now + self.arrival[start:stop]) / MICROSECONDS_PER_DAY
        return Proposal(self.items[start:stop], (-age).astype(np.float32))
