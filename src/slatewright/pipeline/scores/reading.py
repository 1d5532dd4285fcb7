"""The table that a learned score reads: columns of the request, then what was counted and remembered."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import BadInput
from slatewright.features.contracts import Moment
from slatewright.features.sets import BoundFeatures, Counts
from slatewright.features.state import LiveCounts
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.scores.columns import Columns
from slatewright.pipeline.world import World

ASLEEP = 60 * MICROSECONDS_PER_DAY  # µs after which nobody trains a shop any more: its clock stands still


@dataclass(frozen=True)
class Reader:
    """Columns and features over a world; ``sources`` names those whose ranks the candidates bring."""

    world: World
    columns: tuple[Columns, ...]
    sources: tuple[str, ...]
    features: BoundFeatures | None

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """How many columns each of ``columns`` fills."""
        return tuple(len(one.names(self.world, self.sources)) for one in self.columns)

    @cached_property
    def asked_names(self) -> tuple[str, ...]:
        """The names of the columns that come of the request."""
        return tuple(name for one in self.columns for name in one.names(self.world, self.sources))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return (*self.asked_names, *(() if self.features is None else self.features.names))

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Under which name a column's part is told: columns of one kind count together, a feature alone."""
        asked = [one.told for one, width in zip(self.columns, self.widths, strict=True) for _ in range(width)]
        return (*asked, *(() if self.features is None else self.features.names))

    def asked(self, query: Query, candidates: Candidates, out: Scores) -> None:
        """Fill what comes of the request, ``out`` float32 (n, columns)."""
        at = 0
        for one, width in zip(self.columns, self.widths, strict=True):
            one.read(self.world, query, candidates, out[:, at : at + width])
            at += width

    def read(self, query: Query, candidates: Candidates, *, more: int = 0) -> Scores:
        """The table of one request, float32 (n, columns + more); what is ``more`` is left to be filled.

        Raises:
            BadInput: there are features, and nothing was counted.
        """
        n_asked, n = len(self.asked_names), len(candidates.items)
        out = np.empty((n, len(self.names) + more), dtype=np.float32)
        self.asked(query, candidates, out[:, :n_asked])
        if self.features is not None:
            now, counts = self._counted(query.now)
            moment = Moment(now, query.history, query.facts, query.surface)
            out[:, n_asked : len(self.names)] = self.features.read(moment, candidates.items, counts)
        return out

    def _counted(self, now: int) -> tuple[int, Counts]:
        """The instant at which features are read, and what was counted then.

        Long after the last event all that was counted has faded, and says nothing of what the ranker learned: a log of
        years ago is read as it was at its end.
        """
        counts, as_of = self.world.counts, self.world.as_of
        if counts is None:
            raise BadInput("nothing was counted for the features of the learned score; train again")
        if now - as_of <= ASLEEP:
            return now, counts
        return as_of, counts.counters if isinstance(counts, LiveCounts) else counts
