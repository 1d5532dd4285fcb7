"""The k largest inner products of many rows with many, picked while the scores are still in the cache.

A thread multiplies some rows with some columns at a time (a tile that fits its cache), blanks what may not be listed
and offers the tile to the rows' heaps. So the scores never travel to memory and back: the time is that of the matrix
product, and the memory that of one tile per thread.
"""

from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.chunks import in_chunks
from slatewright.core.kernels import kernel, one_at_a_time, single_threaded_blas
from slatewright.models.topk import CHUNK, LOWEST, Hidden, arrange, chunk_best, hide_nothing, push

TILE_ROWS, TILE_COLUMNS = 128, 1024  # 512 kB of scores: half of a core's own cache


def top_products(rows: Scores, others: Scores, k: int, hidden: Hidden | None = None) -> tuple[Index, Scores, Offsets]:
    """As ``top_k(rows @ others.T, k, hidden)``, for rows float32 (n, d) and others float32 (m, d)."""
    n, width = len(rows), min(k, len(others))
    found = (
        np.zeros((n, width), dtype=np.int32),
        np.full((n, width), LOWEST, dtype=np.float32),
        np.zeros(n, dtype=np.int64),
    )
    if not n or not width:
        return found
    offsets, columns = hidden or hide_nothing(n)

    def some_rows(begin: int, end: int) -> None:
        part = (offsets[begin : end + 1], columns)
        _some_rows(rows[begin:end], others, part, (found[0][begin:end], found[1][begin:end], found[2][begin:end]))

    if n <= TILE_ROWS:  # too little work to share, or to wait for a turn
        some_rows(0, n)
        return found
    with one_at_a_time(), single_threaded_blas():
        in_chunks(some_rows, np.append(np.arange(0, n, TILE_ROWS), n))
    return found


def _some_rows(rows: Scores, others: Scores, hidden: Hidden, found: tuple[Index, Scores, Offsets]) -> None:
    """Fill the lists of a few rows, tile after tile."""
    offsets, columns = _in_order(*hidden)
    begins = offsets[:-1].copy()
    tile = np.empty(len(rows) * min(TILE_COLUMNS, len(others)), dtype=np.float32)
    for start in range(0, len(others), TILE_COLUMNS):
        part = others[start : start + TILE_COLUMNS]
        scores = tile[: len(rows) * len(part)].reshape(len(rows), len(part))
        np.matmul(rows, part.T, out=scores)
        _offer(scores, start, offsets, columns, begins, *found)
    _arrange(*found)


@kernel()
def _in_order(offsets: Any, columns: Any) -> Any:
    """The hidden columns of each row in order, from an offset of 0."""
    ordered = columns[offsets[0] : offsets[-1]].copy()
    for row in range(len(offsets) - 1):
        ordered[offsets[row] - offsets[0] : offsets[row + 1] - offsets[0]].sort()
    return offsets - offsets[0], ordered


@kernel(fastmath=True)
def _offer(
    scores: Any, start: int, offsets: Any, columns: Any, begins: Any, positions: Any, best: Any, counts: Any
) -> None:
    """Offer one tile, whose first column is ``start``; ``begins`` is the first hidden column not yet met."""
    width, size = scores.shape[1], best.shape[1]
    for row in range(len(scores)):
        at = begins[row]
        while at < offsets[row + 1] and columns[at] < start + width:
            scores[row, columns[at] - start] = LOWEST
            at += 1
        begins[row] = at
        line, count = scores[row], counts[row]
        for first in range(0, width, CHUNK):
            stop = min(first + CHUNK, width)
            if count == size and chunk_best(line, first, stop) <= best[row, 0]:
                continue
            for column in range(first, stop):
                if line[column] > (best[row, 0] if count == size else LOWEST):  # a later column loses a tie
                    count = push(line[column], start + column, best[row], positions[row], count)
        counts[row] = count


@kernel(fastmath=True)
def _arrange(positions: Any, best: Any, counts: Any) -> None:
    for row in range(len(counts)):
        arrange(best[row], positions[row], counts[row])
