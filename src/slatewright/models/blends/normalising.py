"""Scores of different models on one scale, so that they can be added.

Every normalisation looks at the items that the history does not have yet: what was taken already often scores far above
the rest, the more so the longer the history, and would set the scale alone. A history that has everything is looked at
as a whole. A model that says the same of all items adds nothing that could change their order.
"""

from typing import Any

import numpy as np

from slatewright.core.arrays import Array, Offsets, Scores
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories

NORMALISATIONS = ("deviation", "range", "rank", "reciprocal_rank", "none")
SOFTENING = 60.0  # of the reciprocal rank, as Cormack, Clarke and Büttcher (SIGIR 2009) have it
FAR = 1e300  # beyond every score


def add_normalised(scores: Scores, histories: Histories, kind: str, weights: Array, out: Scores, rows: Offsets) -> None:
    """Add ``weights[i]`` times the normalised ``scores[i]`` to ``out[rows[i]]``.

    ``scores`` (n, n_items) float32, those of ``histories``; ``weights`` (n,); ``rows`` int64 (n,), distinct. For the
    kind ``none`` the scores may be those of some items only.
    """
    if kind == "none":
        out[rows] += scores * weights.astype(np.float32)[:, None]
        return

    def add(begin: int, end: int) -> None:
        part = scores[begin:end]
        owned, bounds = histories.items, histories.offsets[begin : end + 1]
        if kind in {"rank", "reciprocal_rank"}:
            order = np.argsort(part, axis=1)
            _add_ranks(part, order, bounds, owned, kind == "rank", weights[begin:end], out, rows[begin:end])
        else:
            _add_scaled(part, bounds, owned, kind == "range", weights[begin:end], out, rows[begin:end])

    in_chunks(add, equal_chunks(len(scores), 4 * scores.shape[1]))


def widths(scores: Scores, histories: Histories, kind: str) -> Array:
    """What one point of each history's score is divided by, float64 (n,); infinite where all items score the same.

    For ``deviation``, ``range`` and ``none`` only: ranks have no such number.
    """
    found = np.ones(len(scores))
    if kind == "none":
        return found
    _widths(scores, histories.offsets, histories.items, kind == "range", found)
    return found


@kernel(fastmath=True)
def _unseen(keep: Any, items: Any) -> Any:
    """Mark what a history does not have, float32 (n_items,); gives how many items that is."""
    keep[:] = 1
    for item in items:
        keep[item] = 0
    count = 0.0
    for at in range(len(keep)):
        count += keep[at]
    if count == 0:
        keep[:] = 1
        return 1.0 * len(keep)
    return count


@kernel(fastmath=True)
def _scale(row: Any, keep: Any, count: Any, by_range: Any) -> Any:
    """What is subtracted from a row's scores, and what one point is then worth (0 where all score the same)."""
    low, high, total = FAR, -FAR, 0.0
    for at in range(len(row)):
        if keep[at] > 0:
            value = np.float64(row[at])
            low, high, total = min(low, value), max(high, value), total + value
    if not high > low:
        return low, 0.0
    if by_range:
        return low, 1 / (high - low)
    mean, squares = total / count, 0.0
    for at in range(len(row)):
        squares += np.float64(keep[at]) * (row[at] - mean) * (row[at] - mean)
    return mean, 1 / np.sqrt(squares / count)


@kernel(fastmath=True)
def _add_scaled(
    scores: Any, bounds: Any, items: Any, by_range: Any, weights: Any, out: Any, rows: Any
) -> None:  # fmt: skip
    keep = np.empty(scores.shape[1], dtype=np.float32)
    for row in range(len(scores)):
        count = _unseen(keep, items[bounds[row] : bounds[row + 1]])
        centre, point = _scale(scores[row], keep, count, by_range)
        factor = weights[row] * point
        for at in range(scores.shape[1]):
            out[rows[row], at] += np.float32((scores[row, at] - centre) * factor)


@kernel(fastmath=True)
def _widths(scores: Any, bounds: Any, items: Any, by_range: Any, found: Any) -> None:
    keep = np.empty(scores.shape[1], dtype=np.float32)
    for row in range(len(scores)):
        count = _unseen(keep, items[bounds[row] : bounds[row + 1]])
        point = _scale(scores[row], keep, count, by_range)[1]
        found[row] = 1 / point if point > 0 else FAR


@kernel()
def _add_ranks(
    scores: Any, order: Any, bounds: Any, items: Any, linear: bool, weights: Any, out: Any, rows: Any
) -> None:  # fmt: skip
    """``order`` (n, n_items) sorts each row upwards; equal scores share the middle of their places."""
    keep = np.empty(scores.shape[1], dtype=np.float32)
    for row in range(len(scores)):
        count = _unseen(keep, items[bounds[row] : bounds[row + 1]])
        stop, below = 0, 0.0
        while stop < len(keep):
            start, level = stop, 0.0
            while stop < len(keep) and scores[row, order[row, stop]] == scores[row, order[row, start]]:
                level += keep[order[row, stop]]
                stop += 1
            middle = below + 0.5 * level  # unseen items below, half of those level
            value = middle / count if linear else (SOFTENING + 1) / (SOFTENING + 0.5 + count - middle)
            for at in range(start, stop):
                out[rows[row], order[row, at]] += np.float32(weights[row] * value)
            below += level
