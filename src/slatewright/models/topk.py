"""The k largest of every row, ties broken by position: one pass, no sorting of whole rows."""

from typing import Any, TypeAlias

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.kernels import kernel

LOWEST = np.float32(np.finfo(np.float32).min)  # marks what may not be listed; no model scores this low
CHUNK = 64  # columns looked at together: a chunk whose best is below the worst kept is skipped in a few instructions
LANES = 16  # columns that one instruction looks at
Hidden: TypeAlias = tuple[Offsets, Index]
"""What may not be listed: row r's columns are ``columns[offsets[r]:offsets[r + 1]]``, in any order; offsets int64
(n + 1,), columns int32. A column beyond the last one hides nothing."""
FEW_ROWS = 4  # up to here a call is one request, not bulk work, and stays in the thread that asks


def hide_nothing(n: int) -> Hidden:
    """No column is hidden from any of n rows."""
    return np.zeros(n + 1, dtype=np.int64), np.empty(0, dtype=np.int32)


def top_k(scores: Scores, k: int, hidden: Hidden | None = None) -> tuple[Index, Scores, Offsets]:
    """Positions and scores of the k best columns of each row, best first, and how many there were.

    ``scores`` float32 (n, m), finite, ``LOWEST`` where a column may not be listed, as is written, too, where ``hidden``
    says so. Gives positions int32 (n, k) and scores (n, k) with k cut to m, and counts int64 (n,); what lies beyond a
    row's count means nothing.
    """
    offsets, columns = hidden or hide_nothing(len(scores))
    n, width = len(scores), min(k, scores.shape[1])
    positions = np.zeros((n, width), dtype=np.int32)
    best = np.full((n, width), LOWEST, dtype=np.float32)
    counts = np.zeros(n, dtype=np.int64)
    if width:
        in_chunks(
            lambda begin, end: _rows(
                scores[begin:end], offsets[begin : end + 1], columns,
                positions[begin:end], best[begin:end], counts[begin:end],
            ),
            equal_chunks(n, scores.shape[1] // LANES + width),
        )  # fmt: skip
    return positions, best, counts


def best_first(items: Index, scores: Scores) -> Offsets:
    """The order of a few items, highest score first, of equals the lower item; int64 (n,).

    ``items`` int32 (n,), distinct and from 0; ``scores`` float32 (n,), finite. Score and item together are one whole
    number, so that one sort of plain numbers does it, and none where they are in order already.
    """
    keys = np.empty(len(items), dtype=np.int64)
    rising, done = _keys(items, scores + np.float32(0), keys)  # minus zero is zero
    if done:
        return np.arange(len(items))
    if not rising:
        return np.argsort(keys)
    keys.sort()  # twice as quick; where items rise, the place says what the item says
    return keys & PLACE


PLACE = 0xFFFFFFFF


@kernel()
def _keys(items: Any, scores: Any, keys: Any) -> Any:
    """Fill in the keys, of items or, where these rise, of places; gives whether they rise, and whether the keys do."""
    rising, done = True, True
    for at in range(1, len(items)):
        rising = rising and items[at] > items[at - 1]
    bits = scores.view(np.int32)
    for at in range(len(items)):
        growing = bits[at] ^ ((bits[at] >> np.int32(31)) & np.int32(0x7FFFFFFF))
        keys[at] = (np.int64(~growing) << 32) | np.int64(at if rising else items[at])
        done = done and (at == 0 or keys[at] > keys[at - 1])
    return rising, done


@kernel(fastmath=True, inline=True)
def _worse(score: Any, position: Any, other: Any, other_position: Any) -> Any:
    return score < other or (score == other and position > other_position)


@kernel(fastmath=True, inline=True)
def _sink(best: Any, positions: Any, at: int, size: int) -> None:
    """Restore the heap below ``at``; its root is the worst of the kept."""
    score, position = best[at], positions[at]
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        right = child + 1
        if right < size and _worse(best[right], positions[right], best[child], positions[child]):
            child = right
        if not _worse(best[child], positions[child], score, position):
            break
        best[at], positions[at] = best[child], positions[child]
        at = child
    best[at], positions[at] = score, position


@kernel(fastmath=True, inline=True)
def chunk_best(row: Any, start: int, stop: int) -> Any:
    best = LOWEST
    for column in range(start, stop):
        best = max(best, row[column])
    return best


@kernel(fastmath=True)
def push(score: Any, position: Any, best: Any, positions: Any, count: Any) -> Any:
    """Offer one (score, position) to a heap of ``count`` entries with room for ``len(best)``; gives the new count."""
    size = len(best)
    if count == size:
        if _worse(best[0], positions[0], score, position):
            best[0], positions[0] = score, position
            _sink(best, positions, 0, size)
        return count
    best[count], positions[count] = score, position
    if count + 1 == size:
        for at in range(size // 2, -1, -1):
            _sink(best, positions, at, size)
    return count + 1


@kernel(fastmath=True)
def arrange(best: Any, positions: Any, count: Any) -> None:
    """Put the ``count`` entries of a heap in order, best first."""
    for at in range(count // 2, -1, -1):
        _sink(best, positions, at, count)
    for last in range(count - 1, 0, -1):
        best[0], best[last] = best[last], best[0]
        positions[0], positions[last] = positions[last], positions[0]
        _sink(best, positions, 0, last)


@kernel(fastmath=True)
def _row(row: Any, positions: Any, best: Any) -> Any:
    """Fill one row's list; gives how many columns could be listed."""
    size, count = len(best), 0
    for start in range(0, len(row), CHUNK):
        stop = min(start + CHUNK, len(row))
        if count == size and chunk_best(row, start, stop) <= best[0]:
            continue
        for column in range(start, stop):
            if row[column] > (best[0] if count == size else LOWEST):  # a later column loses a tie
                count = push(row[column], column, best, positions, count)
    arrange(best, positions, count)
    return count


@kernel(fastmath=True)
def _rows(scores: Any, offsets: Any, columns: Any, positions: Any, best: Any, counts: Any) -> None:
    for row in range(len(scores)):
        for at in range(offsets[row], offsets[row + 1]):
            if columns[at] < scores.shape[1]:
                scores[row, columns[at]] = LOWEST
        counts[row] = _row(scores[row], positions[row], best[row])
