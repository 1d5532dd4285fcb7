"""Kernels that read: what was counted and what a history says become the columns of a table, in one pass."""

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets, Scores, Weights
from slatewright.core.kernels import kernel
from slatewright.features.layout import (
    EVERY_KIND,
    NEWEST,
    SHOWN,
    UNANSWERED,
    Layout,
    Numbers,
    Ops,
    Pairs,
    Past,
    Visits,
)

# How a column comes of what was gathered.
COUNT, RATE, SINCE, AGE, TREND, STATIC, VISIT, SHARE, OWN, HABIT, TOGETHER, ASKED = range(12)
_SPREAD = 2654435761  # Knuth's multiplier: neighbouring indices land far apart


@kernel()
def all_below(items: Index, n: int) -> bool:
    """Whether every index is one of n things: the kernels behind do not see one that is not."""
    below = True
    for item in items:
        below = below and 0 <= item < n
    return below


@kernel()
def _place(keys: Index, key: int) -> int:
    """Where a key lies in an open hash table, or the free place where it belongs; a free place holds -1."""
    mask = len(keys) - 1
    at = ((key * _SPREAD) >> 7) & mask
    while keys[at] >= 0 and keys[at] != key:
        at = (at + 1) & mask
    return at


@kernel()
def _room_for(n: int) -> int:
    """A power of two, at least twice n."""
    size = 4
    while size < 2 * n:
        size *= 2
    return size


@kernel()
def _first_counted(past: Past, now: int, gap: float) -> int:
    """The first event of the present session: none of the pauses after it was longer than ``gap``."""
    after, first = now, len(past.items)
    while first > 0 and after - past.times[first - 1] <= gap:
        first -= 1
        after = past.times[first]
    return first


@kernel()
def _visits_by_key(
    visits: Visits, column: int, past: Past, keys: Index, answered: Offsets, static: Weights, now: int, sums: Numbers
) -> float:
    """Sum one column over events by the place of their key; returns the sum over all of them."""
    half_life, wanted, of, how = visits.half_life[column], visits.kind[column], visits.of[column], visits.how[column]
    total = 0.0
    first = 0 if np.isinf(visits.gap[column]) else _first_counted(past, now, visits.gap[column])
    for event in range(first, len(past.items)):
        kind = past.kinds[event]
        if wanted != EVERY_KIND and kind != EVERY_KIND and kind != wanted:
            continue
        if how == UNANSWERED and answered[keys[event]] >= past.times[event]:
            continue
        weight = np.exp2(-max(now - past.times[event], 0) / half_life) * static[past.items[event], of]
        if how == NEWEST:
            total = max(total, weight)
            sums[keys[event]] = max(sums[keys[event]], weight)
        else:
            total += weight
            sums[keys[event]] += weight
    return total


@kernel()
def _answers(rows: Index, done: Past, table: Index, answered: Offsets) -> None:
    """When a history last had to do with each key of a table, by its place."""
    answered[:] = np.iinfo(np.int64).min
    for event in range(len(done.items)):
        place = _place(table, rows[done.items[event]])
        if table[place] == rows[done.items[event]]:
            answered[place] = max(answered[place], done.times[event])


@kernel()
def _gather(
    layout: Layout, visits: Visits, static: Weights, now: int, past: Past, done: Past, items: Index, of_shown: bool,
    found: Numbers,
) -> None:  # fmt: skip
    """Columns over what was shown (``of_shown``), or those over what was done: ``past``; ``done`` answers it."""
    n, n_past = len(items), len(past.items)
    if n_past == 0:
        return
    table = np.empty(_room_for(n_past), dtype=np.int32)
    answered = np.empty(len(table) if of_shown else 0, dtype=np.int64)
    keys = np.empty(n_past, dtype=np.int32)
    for space in range(len(layout.n_keys)):
        used = False
        for column in range(len(visits.space)):
            used = used or (visits.space[column] == space and (visits.kind[column] == SHOWN) == of_shown)
        if not used:
            continue
        table[:] = -1
        for event in range(n_past):
            keys[event] = _place(table, layout.rows[space, past.items[event]])
            table[keys[event]] = layout.rows[space, past.items[event]]
        if of_shown:
            _answers(layout.rows[space], done, table, answered)
        places = np.empty(n, dtype=np.int32)
        for at in range(n):
            key = layout.rows[space, items[at]]
            places[at] = _place(table, key)
            if key == layout.n_keys[space] or table[places[at]] != key:
                places[at] = len(table)
        for column in range(len(visits.space)):
            if visits.space[column] == space and (visits.kind[column] == SHOWN) == of_shown:
                sums = np.zeros(len(table) + 1)
                found[n, column] = _visits_by_key(visits, column, past, keys, answered, static, now, sums)
                for at in range(n):
                    found[at, column] = sums[places[at]]


@kernel()
def gather_visits(
    layout: Layout, visits: Visits, static: Weights, now: int, past: Past, shown: Past, items: Index, found: Numbers
) -> None:
    """What a history says of some items, and what its owner was shown: ``found`` float64 (n + 1, n_visits), the last
    row the sums over all events."""
    found[:] = 0.0
    _gather(layout, visits, static, now, past, past, items, False, found)
    _gather(layout, visits, static, now, shown, past, items, True, found)


@kernel()
def gather_pairs(pairs: Pairs, last: int, past: Past, items: Index, found: Numbers) -> None:
    """How strongly each item goes with the ``last`` distinct items of a history, summed: ``found`` float64 (n,)."""
    found[:] = 0.0
    if last == 0 or len(past.items) == 0 or len(pairs.items) == 0:
        return
    table = np.full(_room_for(len(items)), -1, dtype=np.int32)
    where = np.empty(len(table), dtype=np.int32)
    for at in range(len(items)):
        place = _place(table, items[at])
        table[place], where[place] = items[at], at
    taken = np.full(last, -1, dtype=np.int32)
    n_taken, event = 0, len(past.items) - 1
    while event >= 0 and n_taken < last:
        item = past.items[event]
        event -= 1
        if item in taken:
            continue
        taken[n_taken] = item
        n_taken += 1
        for entry in range(pairs.offsets[item], pairs.offsets[item + 1]):
            place = _place(table, pairs.items[entry])
            if table[place] >= 0:
                found[where[place]] += pairs.strengths[entry]


@kernel()
def _shop_column(code: int, a: int, b: int, numbers: Numbers, now: int, counted: Numbers, out: Scores) -> None:
    """A column of what was counted over the shop; ``numbers`` are the op's x, y and z."""
    n = len(counted) - 1
    x, y, z = numbers
    for at in range(n):
        if code == COUNT:
            out[at] = counted[at, a]
        elif code == RATE:
            usual = counted[n, a] / counted[n, b] if counted[n, b] > 0.0 else 0.0
            below = counted[at, b] + x
            out[at] = (counted[at, a] + x * usual) / below if below > 0.0 else 0.0
        elif code == SINCE:  # of something that never was: 2^-inf
            out[at] = np.exp2(-max(now - counted[at, a], 0.0) / x)
        elif code == AGE:
            out[at] = np.exp2(-max(now + counted[at, a], 0.0) / x)
        else:
            out[at] = np.log2((counted[at, a] * x + z) / (counted[at, b] * y + z))


@kernel()
def read_rows(
    ops: Ops, static: Weights, asked: Numbers, now: int, items: Index, counted: Numbers, seen: Numbers,
    together: Numbers, out: Scores,
) -> None:  # fmt: skip
    """The table of one moment, ``out`` float32 (n, n_features), from what was gathered for its items."""
    n = len(items)
    numbers = np.empty(3)
    column = np.empty(n, dtype=np.float32)
    for feature in range(len(ops.code)):
        code, a, b, c = ops.code[feature], ops.a[feature], ops.b[feature], ops.c[feature]
        if code <= TREND:
            numbers[0], numbers[1], numbers[2] = ops.x[feature], ops.y[feature], ops.z[feature]
            # an item that never was seen is brand new: an age of 0
            _shop_column(code, a, b, numbers, now, counted, column)
            out[:, feature] = column
        elif code == HABIT:
            usual = seen[n, b] / seen[n, c] if seen[n, c] > 0.0 else np.nan
            for at in range(n):
                known = static[items[at], np.int64(ops.x[feature])] > 0.0 and usual == usual
                out[at, feature] = static[items[at], a] - usual if known else 0.0
        else:
            for at in range(n):
                if code == STATIC:
                    out[at, feature] = static[items[at], a]
                elif code == VISIT:
                    out[at, feature] = seen[at, a]
                elif code == SHARE:
                    out[at, feature] = seen[at, a] / seen[n, a] if seen[n, a] > 0.0 else 0.0
                elif code == OWN:
                    out[at, feature] = seen[n, a]
                elif code == TOGETHER:
                    out[at, feature] = together[at]
                else:
                    out[at, feature] = asked[a]


def table_of(n: int, n_features: int) -> Array:
    """Room for a table, float32 (n, n_features)."""
    return np.empty((n, n_features), dtype=np.float32)
