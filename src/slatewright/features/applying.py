"""Kernels that count: events into cells."""

import numpy as np

from slatewright.core.arrays import Index, Offsets
from slatewright.core.kernels import kernel
from slatewright.features.layout import (
    EVERY_KIND,
    FIRST,
    LAST,
    RETURNED,
    SHOWN,
    SUM_OF_VALUES,
    Acts,
    Layout,
    Numbers,
)

FURTHEST = 256.0  # half-lives from a landmark at which it moves on; 2^1023 is the largest number


@kernel()
def apply_acts(layout: Layout, cells: Numbers, landmarks: Offsets, acts: Acts) -> None:
    """Count events, in any order; none may be further than ``FURTHEST`` half-lives after a landmark."""
    for event in range(len(acts.items)):
        for column in range(len(layout.space)):
            wanted, kind = layout.kind[column], acts.kinds[event]
            if wanted != kind and (wanted != EVERY_KIND or kind in (SHOWN, RETURNED)):
                continue
            space = layout.space[column]
            row = layout.rows[space, acts.items[event]]
            if row < layout.n_keys[space]:
                _count(layout, cells, landmarks, column, row, acts.times[event], acts.values[event])


@kernel()
def _count(layout: Layout, cells: Numbers, landmarks: Offsets, column: int, row: int, time: int, value: float) -> None:
    space = layout.space[column]
    mode = layout.mode[column]
    first = layout.base[space] + layout.at[column]
    cell = first + row * layout.width[space]
    total = first + (layout.n_keys[space] + 1) * layout.width[space]
    if mode == LAST:
        cells[cell] = max(cells[cell], float(time))
        cells[total] = max(cells[total], float(time))
    elif mode == FIRST:
        cells[cell] = max(cells[cell], -float(time))
        cells[total] = max(cells[total], -float(time))
    else:
        weight = np.exp2((time - landmarks[column]) / layout.half_life[column])
        if mode == SUM_OF_VALUES:
            weight *= value
        cells[cell] += weight
        cells[total] += weight


@kernel()
def move_landmarks(layout: Layout, cells: Numbers, landmarks: Offsets, latest: int) -> None:
    """Before events until ``latest`` are counted: bring landmarks that lie too far back nearer, by whole half-lives."""
    for column in range(len(layout.space)):
        half_life = layout.half_life[column]
        steps = np.floor((latest - landmarks[column]) / half_life)
        if layout.mode[column] > SUM_OF_VALUES or steps <= FURTHEST:
            continue
        space = layout.space[column]
        scale = np.exp2(-steps)
        for row in range(layout.n_keys[space] + 2):
            cells[layout.base[space] + row * layout.width[space] + layout.at[column]] *= scale
        landmarks[column] += np.int64(steps) * np.int64(half_life)


@kernel()
def need_moving(layout: Layout, landmarks: Offsets, latest: int) -> bool:
    """Whether ``move_landmarks`` would change anything."""
    for column in range(len(layout.space)):
        steps = np.floor((latest - landmarks[column]) / layout.half_life[column])
        if layout.mode[column] <= SUM_OF_VALUES and steps > FURTHEST:
            return True
    return False


@kernel()
def gather(layout: Layout, cells: Numbers, landmarks: Offsets, now: int, items: Index, found: Numbers) -> None:
    """The cells of some items as of ``now`` into ``found`` float64 (n + 1, n_columns), the last row the totals."""
    n = len(items)
    for column in range(len(layout.space)):
        fade = 1.0
        if layout.mode[column] <= SUM_OF_VALUES:
            fade = np.exp2(-max(now - landmarks[column], 0) / layout.half_life[column])
        space = layout.space[column]
        first, width = layout.base[space] + layout.at[column], layout.width[space]
        for at in range(n):
            found[at, column] = cells[first + layout.rows[space, items[at]] * width] * fade
        found[n, column] = cells[first + (layout.n_keys[space] + 1) * width] * fade
