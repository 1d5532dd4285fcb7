"""Coordinate descent for one column after another on the Gram matrix, for dense tables: users are not looked at again.

A step for one item costs one row of the matrix, read in order. Passes over the numbers that are not zero run on a
small matrix of their own, which stays in the cache.
"""

from typing import Any

import numpy as np

from slatewright.core.kernels import kernel
from slatewright.models.linear.descent import Limits, Penalties, appended, shrunk, useful


@kernel(fastmath=True)
def columns_from_gram(begin: Any, end: Any, gram: Any, squares: Any, penalties: Penalties, limits: Limits) -> Any:
    """The columns of the items from begin to end: how many numbers each has, their rows, the numbers.

    ``gram`` float32 (n_items, n_items), both triangles; ``squares`` float64 (n_items,), its diagonal.
    """
    counts, size = np.zeros(end - begin, np.int64), 0
    rows, numbers = np.empty(1024, np.int32), np.empty(1024, np.float32)
    everyone = np.arange(len(gram)).astype(np.int32)
    for target in range(begin, end):
        slope = gram[target].copy()
        candidates = useful(target, everyone, slope, squares, penalties, limits.candidates)
        found = np.zeros(len(candidates))
        _descend(candidates, found, slope, gram, squares, penalties, limits)
        rows, numbers, size_now = appended(rows, numbers, size, candidates, found)
        counts[target - begin], size = size_now - size, size_now
    return counts, rows[:size], numbers[:size]


@kernel(fastmath=True)
def _descend(
    candidates: Any, found: Any, slope: Any, gram: Any, squares: Any, penalties: Penalties, limits: Limits
) -> None:  # fmt: skip
    left = limits.epochs
    while left > 0:
        left -= 1
        if _pass_over_all(candidates, found, slope, gram, squares, penalties) <= limits.tolerance:
            return
        active = np.flatnonzero(found)
        left = _settle(active, candidates, found, slope, gram, penalties, limits.tolerance, left)


@kernel(fastmath=True)
def _pass_over_all(candidates: Any, found: Any, slope: Any, gram: Any, squares: Any, penalties: Penalties) -> Any:
    """Set each number to its best given the others; gives the largest move as a part of the largest number."""
    moved, largest = 0.0, 1e-30
    for at in range(len(candidates)):
        item, old = candidates[at], found[at]
        over = shrunk(slope[item] + old * squares[item], penalties.on_magnitudes, penalties.negative)
        new = over / (squares[item] + penalties.on_squares[item])
        if new != old:
            _step(slope, gram[item], np.float32(new - old))
            found[at] = new
            moved = max(moved, abs(new - old))
        largest = max(largest, abs(new))
    return moved / largest


@kernel(fastmath=True)
def _settle(
    active: Any, candidates: Any, found: Any, slope: Any, gram: Any, penalties: Penalties, tolerance: Any, left: Any
) -> Any:  # fmt: skip
    """Passes over the active numbers only, until they stand still; gives the passes left."""
    n = len(active)
    small, near = np.empty((n, n), np.float32), np.empty(n, np.float32)
    for at in range(n):
        item = candidates[active[at]]
        near[at] = slope[item]
        for other in range(n):
            small[at, other] = gram[item, candidates[active[other]]]
    before, now = found[active], found[active]
    on_squares = penalties.on_squares[candidates[active]]
    moved, largest = 1.0, 1.0
    while left > 0 and moved > tolerance * largest:
        left, moved, largest = left - 1, 0.0, 1e-30
        for at in range(n):
            square = small[at, at]
            over = shrunk(near[at] + now[at] * square, penalties.on_magnitudes, penalties.negative)
            new = over / (square + on_squares[at])
            if new != now[at]:
                _step(near, small[at], np.float32(new - now[at]))
                moved = max(moved, abs(new - now[at]))
                now[at] = new
            largest = max(largest, abs(new))
    for at in range(n):
        if now[at] != before[at]:
            _step(slope, gram[candidates[active[at]]], np.float32(now[at] - before[at]))
            found[active[at]] = now[at]
    return left


@kernel(fastmath=True)
def _step(slope: Any, row: Any, step: Any) -> None:
    for at in range(len(slope)):
        slope[at] -= step * row[at]
