"""Coordinate descent for one column after another, walking the table itself: cost grows with the events of the items.

The rest, what a column leaves unexplained, is held per user; a step for one item reads and writes the rest of its
users. Between passes over all candidates come passes over those that are not zero, until they settle.
"""

from typing import Any, NamedTuple

import numpy as np

from slatewright.core.kernels import kernel


class Table(NamedTuple):
    """A sparse table row by row: bounds of each row, columns, numbers."""

    bounds: Any
    columns: Any
    numbers: Any


class Penalties(NamedTuple):
    """``on_squares`` float64 (n_items,), ``on_magnitudes`` float; ``negative``: may numbers be below zero."""

    on_squares: Any
    on_magnitudes: Any
    negative: Any


class Limits(NamedTuple):
    """Candidates per column at most, passes at most, and the move, as a part of the largest number, that ends it."""

    candidates: Any
    epochs: Any
    tolerance: Any


@kernel(fastmath=True)
def columns_from_rows(
    begin: Any, end: Any, users: Table, items: Table, squares: Any, penalties: Penalties, limits: Limits
) -> Any:  # fmt: skip
    """The columns of the items from begin to end: how many numbers each has, their rows, the numbers."""
    sums, met = np.zeros(len(squares)), np.zeros(len(squares), np.bool_)
    others, rest = np.empty(len(squares), np.int32), np.zeros(len(users.bounds) - 1, np.float32)
    counts, size = np.zeros(end - begin, np.int64), 0
    rows, numbers = np.empty(1024, np.int32), np.empty(1024, np.float32)
    for target in range(begin, end):
        size_met = _meet(target, users, items, sums, met, others)
        candidates = useful(target, others[:size_met], sums, squares, penalties, limits.candidates)
        sums[others[:size_met]], met[others[:size_met]] = 0, False
        found = np.zeros(len(candidates))
        mine = slice(items.bounds[target], items.bounds[target + 1])
        rest[items.columns[mine]] = items.numbers[mine]
        _descend(candidates, found, rest, items, squares, penalties, limits)
        rest[items.columns[mine]] = 0
        for item in candidates[found != 0]:
            for at in range(items.bounds[item], items.bounds[item + 1]):
                rest[items.columns[at]] = 0
        rows, numbers, size_now = appended(rows, numbers, size, candidates, found)
        counts[target - begin], size = size_now - size, size_now
    return counts, rows[:size], numbers[:size]


@kernel(fastmath=True)
def _meet(target: Any, users: Table, items: Table, sums: Any, met: Any, others: Any) -> Any:
    """Add up the products of the target with every item that shares a user; gives how many items those are."""
    size = 0
    for at in range(items.bounds[target], items.bounds[target + 1]):
        user, weight = items.columns[at], items.numbers[at]
        for entry in range(users.bounds[user], users.bounds[user + 1]):
            other = users.columns[entry]
            if not met[other]:
                met[other] = True
                others[size] = other
                size += 1
            sums[other] += weight * users.numbers[entry]
    return size


@kernel(fastmath=True)
def useful(target: Any, others: Any, sums: Any, squares: Any, penalties: Penalties, most: Any) -> Any:
    """Those of ``others`` that alone would not be zero, the most useful first, at most so many."""
    gains, kept, size = np.empty(len(others)), np.empty(len(others), np.int32), 0
    for other in others:
        over = shrunk(sums[other], penalties.on_magnitudes, penalties.negative)
        if over != 0 and other != target:
            kept[size], gains[size] = other, -over * over / (squares[other] + penalties.on_squares[other])
            size += 1
    return kept[:size][np.argsort(gains[:size], kind="mergesort")][:most]


@kernel(fastmath=True, inline=True)
def shrunk(value: Any, penalty: Any, negative: Any) -> Any:
    """A value moved toward zero by the penalty, zero where it would cross it."""
    if value > penalty:
        return value - penalty
    if negative and value < -penalty:
        return value + penalty
    return 0.0


@kernel()
def appended(rows: Any, numbers: Any, size: Any, candidates: Any, found: Any) -> Any:
    """The two lists with the candidates that are not zero at their end, by item; longer ones where they are full."""
    if size + len(candidates) > len(rows):
        more_rows = np.empty(2 * (size + len(candidates)), np.int32)
        more_numbers = np.empty(len(more_rows), np.float32)
        more_rows[:size], more_numbers[:size] = rows[:size], numbers[:size]
        rows, numbers = more_rows, more_numbers
    for at in np.argsort(candidates):
        if found[at] != 0:
            rows[size], numbers[size] = candidates[at], found[at]
            size += 1
    return rows, numbers, size


@kernel(fastmath=True)
def _descend(
    candidates: Any, found: Any, rest: Any, items: Table, squares: Any, penalties: Penalties, limits: Limits
) -> None:  # fmt: skip
    everyone, left = np.arange(len(candidates)), limits.epochs
    while left > 0:
        left -= 1
        if _pass(everyone, candidates, found, rest, items, squares, penalties) <= limits.tolerance:
            return
        active = np.flatnonzero(found)
        while left > 0:
            left -= 1
            if _pass(active, candidates, found, rest, items, squares, penalties) <= limits.tolerance:
                break


@kernel(fastmath=True)
def _pass(
    chosen: Any, candidates: Any, found: Any, rest: Any, items: Table, squares: Any, penalties: Penalties
) -> Any:  # fmt: skip
    """Set each number to its best given the others; gives the largest move as a part of the largest number."""
    moved, largest = 0.0, 1e-30
    for at in chosen:
        item, old = candidates[at], found[at]
        product = old * squares[item]
        for entry in range(items.bounds[item], items.bounds[item + 1]):
            product += items.numbers[entry] * rest[items.columns[entry]]
        new = shrunk(product, penalties.on_magnitudes, penalties.negative) / (
            squares[item] + penalties.on_squares[item]
        )
        if new != old:
            step = np.float32(new - old)
            for entry in range(items.bounds[item], items.bounds[item + 1]):
                rest[items.columns[entry]] -= step * items.numbers[entry]
            found[at] = new
            moved = max(moved, abs(new - old))
        largest = max(largest, abs(new))
    return moved / largest
