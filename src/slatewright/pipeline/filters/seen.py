"""Nobody is shown again what they already had."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Index, Mask
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Filter, Query
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class SeenFilter:
    """Drop what is in the history, for ever or for some days."""

    days: Annotated[float | None, Knob("show an item again after so many days; none: never", above=0)] = None
    name: str = "seen"

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Filter:
        """Learn how many items there are."""
        return _Bound(self.name, self.days, len(world.catalogue))


@dataclass(frozen=True)
class _Bound:
    name: str
    days: float | None
    n_items: int

    def keep(self, query: Query, items: Index) -> Mask:
        seen = query.history.items
        if self.days is not None:
            seen = seen[query.history.times > query.now - int(self.days * MICROSECONDS_PER_DAY)]
        allowed = np.ones(self.n_items, dtype=np.bool_)
        allowed[seen] = False
        return allowed[items]
