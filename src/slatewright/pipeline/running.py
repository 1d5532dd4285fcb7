"""One query through the four stages."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index
from slatewright.core.membership import among
from slatewright.pipeline import guarded
from slatewright.pipeline.contracts import Candidates, Proposal, Query
from slatewright.pipeline.pool import agreed, extended, one_after_another, within
from slatewright.pipeline.slate import Note, Outcome, Trace, outcome_of
from slatewright.pipeline.stages import Stages

FILLER = "popular"  # the source that a slate names for items which no source of the recipe proposed
LEAST_POOL = 200  # how many popular items to consider at least when the sources have too few
BEYOND = "pool"  # what a trace names in place of a filter for items that the pool has no room for
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
    query = narrowed(stages, query)
    sources = stages.newcomers if query.is_newcomer else stages.sources
    proposals = guarded.propose(sources, query, len(stages.popular), notes)
    pool = _pool(stages, query, proposals, notes)
    survivors = pool.survivors()
    score = stages.marking(query)
    marks = guarded.mark(score, query, survivors, notes)
    arrangements = guarded.arrange(stages.orders, query, survivors.marked(marks), notes)
    trace = Trace(
        query,
        (*(source.name for source in sources), FILLER),
        proposals,
        pool.candidates,
        ("", *(one.name for one in stages.filters), *((BEYOND,) if stages.candidates else ())),
        pool.dropped_by,
        marks,
        tuple(arrangements),
        tuple(note for note in notes if note.broke),
        "" if score is None else score.name,
        tuple(note for note in notes if not note.broke),
    )
    return outcome_of(trace, _fallback(query, pool, notes))


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
    make_room(stages, query, pool, dropped_by)
    alive = int(np.count_nonzero(dropped_by == 0))
    if alive >= query.k or not stages.fills or any(note.stage == "filter" for note in notes):
        return _Pool(pool, dropped_by, False)
    more = _eligible(stages, query, pool.items, max(query.k, LEAST_POOL) - alive, notes)
    zeros = np.zeros(len(more), dtype=np.uint8)
    return _Pool(extended(pool, more, len(proposals)), np.concatenate([dropped_by, zeros]), len(more) > 0)


def make_room(stages: Stages, query: Query, pool: Candidates, dropped_by: npt.NDArray[np.uint8]) -> None:
    """Drop, of what the filters left, what the pool has no room for; ``dropped_by`` is changed in place."""
    survivors = np.flatnonzero(dropped_by == 0)
    room = max(stages.candidates or len(survivors), query.k)
    if len(survivors) > room:
        sources = stages.newcomers if query.is_newcomer else stages.sources
        kept = within(pool.take(survivors), room, [int(getattr(source, "least", 0)) for source in sources])
        dropped_by[survivors] = len(stages.filters) + 1
        dropped_by[survivors[kept]] = 0


def narrowed(stages: Stages, query: Query) -> Query:
    """The query with the fewest items that one of its filters names, so that sources need not look at others."""
    fewest: Index | None = None
    for one in stages.naming:
        try:
            named = one.only(query)
        except Exception:  # noqa: S112 (when it is asked to keep, it breaks again, and is noted)
            continue
        if named is not None and (fewest is None or len(named) < len(fewest)):
            fewest = named
    return query if fewest is None else replace(query, only=fewest)


def _eligible(stages: Stages, query: Query, known: Index, wanted: int, notes: list[Note]) -> Index:
    """The most popular items outside ``known`` that pass every filter, at most ``wanted`` of them."""
    queue = stages.popular if query.only is None else query.only[np.argsort(stages.standing[query.only])]
    queue = queue[~among(queue, known, len(stages.popular))]
    found: list[Index] = []
    chunk, start = max(CHUNK, 2 * min(wanted, len(queue))), 0
    while start < len(queue) and sum(map(len, found)) < wanted and not any(note.stage == "filter" for note in notes):
        items = queue[start : start + chunk]
        found.append(items[guarded.drop(stages.filters, query, items, notes) == 0])
        start += chunk
    return np.concatenate([*found, np.empty(0, dtype=np.int32)])[:wanted].astype(np.int32, copy=False)
