"""Everybody takes turns: sources, brands, shelves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Index, Offsets
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.orders.grouping import groups_of
from slatewright.pipeline.world import World

SOURCE = "source"


@dataclass(frozen=True)
class RoundRobin:
    """Take one of each in turn, the best first, until all are taken; whose first item stands higher begins."""

    by: Annotated[
        str, Knob("what takes turns: source (who ranked an item best), category, or a fact of items, as brand")
    ] = SOURCE

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> "BoundRoundRobin":
        """Look the fact up.

        Raises:
            NotThere: there is no such fact.
        """
        return BoundRoundRobin("turns", None if self.by == SOURCE else groups_of(world, self.by, "RoundRobin"))


@dataclass(frozen=True)
class BoundRoundRobin:
    """The order over a catalogue; ``values`` are those that take turns, none: the sources."""

    name: str
    values: Callable[[Query, Index], Index] | None

    def arrange(self, query: Query, candidates: Candidates) -> Offsets:
        """Positions of all candidates; an item of several values comes with its first, those of none come together."""
        group = candidates.source if self.values is None else self.values(query, candidates.items)[:, 0]
        turn = _places_within(group)
        _, first, place = np.unique(group, return_index=True, return_inverse=True)
        return np.lexsort((first[place], turn)).astype(np.int64)


def _places_within(group: Index) -> Offsets:
    """How many of the same group stand before each, int64 (n,)."""
    together = np.argsort(group, kind="stable")
    sizes = np.unique(group, return_counts=True)[1]
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    within = np.empty(len(group), dtype=np.int64)
    within[together] = np.arange(len(group)) - starts
    return within
