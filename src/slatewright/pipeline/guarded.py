"""The four stages with their failure table: whatever a stage does, the slate comes out and the trace says what broke.

source  raises, proposes nonsense     skipped
        or is late
filter  raises or answers nonsense    fails closed: nothing is kept
score   raises or answers nonsense    the marks of the sources stand, moved by the rules that boost and bury
order   raises or answers nonsense    plain top-k
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets, Scores
from slatewright.core.kernels import kernel
from slatewright.models.topk import best_first
from slatewright.pipeline.apart import Busy
from slatewright.pipeline.asking import TooLate, answers
from slatewright.pipeline.contracts import Arranged, Candidates, Filter, Order, Proposal, Query, Score, Source
from slatewright.pipeline.slate import Note

FLAW_RANGE, FLAW_SCORE, FLAW_TWICE = 1, 2, 3
NOTHING = Proposal(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32))


class Nonsense(Exception):
    """A stage answered what its contract rules out."""


def propose(sources: Sequence[Source], query: Query, n_items: int, notes: list[Note]) -> tuple[Proposal, ...]:
    """What each source offers; one that is broken, or not done by the query's deadline, offers nothing."""
    proposals = []
    for source, answer in zip(sources, answers(sources, query), strict=True):
        try:
            if isinstance(answer, Exception):
                raise answer
            proposals.append(_checked_proposal(answer, n_items))
        except Exception as error:
            notes.append(_note("source", source, error))
            proposals.append(NOTHING)
    return tuple(proposals)


def _checked_proposal(given: Proposal, n_items: int) -> Proposal:
    items, scores = np.asarray(given.items), np.asarray(given.scores, dtype=np.float32)
    if items.ndim != 1 or items.shape != scores.shape:
        raise Nonsense(f"items and scores must be of one length, got {items.shape} and {scores.shape}")
    if len(items) == 0:
        return NOTHING
    flaw = FLAW_RANGE if items.dtype.kind not in "iu" else _flaw(items, scores, n_items)
    if flaw == FLAW_RANGE:
        raise Nonsense(f"items must be whole numbers from 0 to {n_items - 1}, got {items.min()} to {items.max()}")
    if flaw == FLAW_SCORE:
        raise Nonsense("scores must be finite")
    if flaw == FLAW_TWICE:
        raise Nonsense("an item is proposed twice")
    return Proposal(items.astype(np.int32, copy=False), scores, str(given.how))


@kernel()
def _flaw(items: Any, scores: Any, n_items: Any) -> Any:
    """What is wrong with a proposal, 0: nothing."""
    bits = np.zeros((n_items + 63) // 64, dtype=np.uint64)
    for at in range(len(items)):
        item = np.int64(items[at])
        if item < 0 or item >= n_items:
            return FLAW_RANGE
        if not np.isfinite(scores[at]):
            return FLAW_SCORE
        bit = np.uint64(1) << np.uint64(item & 63)
        if bits[item >> 6] & bit:
            return FLAW_TWICE
        bits[item >> 6] |= bit
    return 0


def drop(filters: Sequence[Filter], query: Query, items: Index, notes: list[Note]) -> np.typing.NDArray[np.uint8]:
    """Which filter dropped each item, uint8 (n,): 0 for the survivors, i for the i-th filter (from 1)."""
    dropped_by = np.zeros(len(items), dtype=np.uint8)
    alive = np.arange(len(items))
    for at, one in enumerate(filters, start=1):
        keep = _keep(one, query, items, notes)
        if not keep.all():
            dropped_by[alive[~keep]] = at
            alive, items = alive[keep], items[keep]
    return dropped_by


def _keep(one: Filter, query: Query, items: Index, notes: list[Note]) -> Mask:
    try:
        keep = np.asarray(one.keep(query, items))
        if keep.shape != items.shape or keep.dtype != np.bool_:
            raise Nonsense(f"a filter must give {len(items)} booleans, got {keep.dtype} {keep.shape}")
    except Exception as error:
        notes.append(_note("filter", one, error))
        return np.zeros(len(items), dtype=np.bool_)
    return keep


def mark(score: Score | None, query: Query, candidates: Candidates, notes: list[Note]) -> Scores:
    """A mark for each candidate, float32 (n,); the sources' own where there is no score or it says nothing."""
    if score is None or len(candidates.items) == 0:
        return candidates.scores
    try:
        marks = np.asarray(score.mark(query, candidates), dtype=np.float32)
        if marks.shape != candidates.items.shape or not np.isfinite(marks).all():
            raise Nonsense(f"a score must give {len(candidates.items)} finite numbers, got shape {marks.shape}")
    except Exception as error:
        notes.append(_note("score", score, error))
        return mark(getattr(score, "if_broken", None), query, candidates, notes)
    return candidates.told_apart(marks)


def arrange(
    orders: Sequence[Order], query: Query, candidates: Candidates, notes: list[Note]
) -> list[tuple[str, Offsets]]:
    """The arrangement after each order, positions (n,) into ``candidates``; the first is plain top-k."""
    current = best_first(candidates.items, candidates.scores)
    arrangements = [("", current)]
    for order in orders:
        before = candidates.take(current)
        try:
            answer = order.arrange(query, before)
            told = answer if isinstance(answer, Arranged) else Arranged(answer)
            chosen = _checked_positions(told.positions, len(current))
        except Exception as error:
            notes.append(_note("order", order, error))
            current = arrangements[0][1]
        else:
            notes += [Note("order", order.name, problem, broke=False) for problem in told.problems]
            left_out = np.ones(len(current), dtype=np.bool_)
            left_out[chosen] = False
            current = np.concatenate([current[chosen], current[left_out]])
        arrangements.append((order.name, current))
    return arrangements


def _checked_positions(given: Offsets, n: int) -> Offsets:
    positions = np.asarray(given)
    if positions.ndim != 1 or (len(positions) and positions.dtype.kind not in "iu"):
        raise Nonsense(f"an order must give positions, got {positions.dtype} {positions.shape}")
    if len(positions) and _flaw(positions, np.zeros(len(positions), dtype=np.float32), n):
        raise Nonsense(f"an order must give distinct positions from 0 to {n - 1}")
    return positions.astype(np.int64, copy=False)


def _note(stage: str, broken: Source | Filter | Score | Order, error: Exception) -> Note:
    problem = str(error) if isinstance(error, Nonsense | TooLate | Busy) else f"{type(error).__name__}: {error}"
    return Note(stage, str(getattr(broken, "name", type(broken).__name__)), problem)
