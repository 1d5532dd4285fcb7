"""One query through the four stages."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index
from slatewright.pipeline import guarded
from slatewright.pipeline.contracts import Candidates, Proposal, Query
from slatewright.pipeline.pool import agreed, extended, one_after_another
from slatewright.pipeline.slate import Note, Outcome, Trace
from slatewright.pipeline.stages import Stages

FILLER = "popular"  # the source that a slate names for items which no source of the recipe proposed
LEAST_POOL = 200  # how many popular items to consider at least when the sources have too few
CHUNK = 2000  # how many items to pass through the filters at a time when filling


@dataclass(frozen=True, slots=True)
class _Pool:
    candidates: Candidates
    dropped_by: npt.NDArray[np.uint8]
    filled: bool

    def survivors(self) -> Candidates:
        return self.candidates.take(self.dropped_by == 0)


def run(stages: Stages, query: Query) -> Outcome:
    """Propose, drop, mark, arrange; what breaks is noted and survived."""
    notes: list[Note] = []
    sources = stages.newcomers if query.is_newcomer else stages.sources
    proposals = guarded.propose(sources, query, len(stages.popular), notes)
    pool = _pool(stages, query, proposals, notes)
    survivors = pool.survivors()
    marks = guarded.mark(None if query.is_newcomer else stages.score, query, survivors, notes)
    arrangements = guarded.arrange(stages.orders, query, survivors.marked(marks), notes)
    trace = Trace(
        query,
        (*(source.name for source in sources), FILLER),
        proposals,
        pool.candidates,
        ("", *(one.name for one in stages.filters)),
        pool.dropped_by,
        marks,
        tuple(arrangements),
        tuple(notes),
    )
    chosen = arrangements[-1][1][: query.k]
    return Outcome(
        survivors.items[chosen], marks[chosen], survivors.source[chosen], _fallback(query, pool, notes), trace
    )


def _fallback(query: Query, pool: _Pool, notes: list[Note]) -> str | None:
    if any(note.stage == "filter" for note in notes):
        return "closed"
    if query.is_newcomer:
        return "newcomer"
    return "filled" if pool.filled else None


def _pool(stages: Stages, query: Query, proposals: tuple[Proposal, ...], notes: list[Note]) -> _Pool:
    """The candidates, and popular items beside them when fewer than k survive the filters."""
    pool = one_after_another(proposals) if query.is_newcomer else agreed(proposals)
    dropped_by = guarded.drop(stages.filters, query, pool.items, notes)
    alive = int(np.count_nonzero(dropped_by == 0))
    if alive >= query.k or not stages.fills or any(note.stage == "filter" for note in notes):
        return _Pool(pool, dropped_by, False)
    more = _eligible(stages, query, pool.items, max(query.k, LEAST_POOL) - alive, notes)
    zeros = np.zeros(len(more), dtype=np.uint8)
    return _Pool(extended(pool, more, len(proposals)), np.concatenate([dropped_by, zeros]), len(more) > 0)


def _eligible(stages: Stages, query: Query, known: Index, wanted: int, notes: list[Note]) -> Index:
    """The most popular items outside ``known`` that pass every filter, at most ``wanted`` of them."""
    fresh = np.ones(len(stages.popular), dtype=np.bool_)
    fresh[known] = False
    queue = stages.popular[fresh[stages.popular]]
    found: list[Index] = []
    chunk, start = max(CHUNK, 2 * min(wanted, len(queue))), 0
    while start < len(queue) and sum(map(len, found)) < wanted and not any(note.stage == "filter" for note in notes):
        items = queue[start : start + chunk]
        found.append(items[guarded.drop(stages.filters, query, items, notes) == 0])
        start += chunk
    return np.concatenate([*found, np.empty(0, dtype=np.int32)])[:wanted].astype(np.int32, copy=False)
