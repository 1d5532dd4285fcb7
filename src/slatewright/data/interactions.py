"""The events of a data set as columns of numbers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Mask, Offsets, Times, Weights


@dataclass(frozen=True, slots=True)
class Interactions:
    """Who did what to which item, when; sorted by user, then time, then item.

    Columns, each (events,): ``user`` and ``item`` int32 indices, ``kind`` int8 into ``kinds``, ``value`` float32 (what
    the event said: a rating, a quantity, 1), ``weight`` float32 (how much training counts it; 0: the item was seen
    and not liked), ``time`` int64 µs UTC. ``session``, where it was asked for, int32: a number per visit, the same for
    the events of one user and visit in every data set of a process; 0 where no visit is told.
    """

    user: Index
    item: Index
    kind: npt.NDArray[np.int8]
    value: Weights
    weight: Weights
    time: Times
    kinds: tuple[str, ...] = ("interaction",)
    session: Index | None = None

    def __len__(self) -> int:
        return len(self.user)

    def of_kind(self, *names: str) -> Mask:
        """Which events are of one of these kinds, bool (events,)."""
        return np.isin(self.kind, [at for at, name in enumerate(self.kinds) if name in names])

    def take(self, rows: Mask | Offsets) -> "Interactions":
        """Some of the events, in order: a mask (events,) or positions."""
        return Interactions(
            self.user[rows],
            self.item[rows],
            self.kind[rows],
            self.value[rows],
            self.weight[rows],
            self.time[rows],
            self.kinds,
            None if self.session is None else self.session[rows],
        )
