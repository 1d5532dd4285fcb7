"""Duplicates: rows that say the same, at the same instant (exact) or within a moment (near)."""

import numpy as np
import numpy.typing as npt
import polars as pl

from slatewright.core.arrays import Mask, Times
from slatewright.core.clock import MICROSECONDS_PER_SECOND
from slatewright.core.kernels import kernel
from slatewright.data.cleaning.knobs import Cleaning, StepCount
from slatewright.data.cleaning.rows import Rows

SAME = ("kind", "value", "price", "quantity", "slate_id", "session_id", "invoice")  # besides user_id and item_id
EXACT, NEAR = 1, 2


def merge_duplicates(rows: Rows, knobs: Cleaning) -> list[StepCount]:
    """Merge every repeat into the first row that says the same.

    Two rows say the same when they agree in user, item, kind, value, price, quantity, slate, session and invoice.
    A near duplicate is measured from the last row that was kept, so a click every second for an hour is not one click.
    """
    window = round(knobs.near_seconds * MICROSECONDS_PER_SECOND)
    candidates = _candidates(rows, window)
    found = _repeats(rows, candidates, window, knobs.exact_duplicates)
    steps = []
    if knobs.exact_duplicates:
        steps.append(rows.merge(found == EXACT, "exact duplicates"))
    if window:
        steps.append(rows.merge(found == NEAR, "near duplicates", f"within {knobs.near_seconds:g} s"))
    return steps


def _candidates(rows: Rows, window: int) -> npt.NDArray[np.int64]:
    """Positions of live rows with another row of the same user and item within the window."""
    live = np.flatnonzero(rows.live())
    keys = rows.pairs()[live]
    order = np.argsort(keys)
    return live[_close_rows(order, keys, rows.time[live], window)]


@kernel()
def _close_rows(order: npt.NDArray[np.int64], keys: npt.NDArray[np.uint64], time: Times, window: int) -> Mask:
    """Which rows have a row of the same key within the window; ``order`` sorts the keys, and is overwritten."""
    close = np.zeros(len(order), dtype=np.bool_)
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and keys[order[end]] == keys[order[start]]:
            end += 1
        group = order[start:end]
        if len(group) > 1:
            _sort_by_time(group, time)
        for at in range(1, len(group)):
            if time[group[at]] - time[group[at - 1]] <= window:
                close[group[at]] = True
                close[group[at - 1]] = True
        start = end
    return close


@kernel()
def _sort_by_time(group: npt.NDArray[np.int64], time: Times) -> None:
    """Sort positions by their time, in place; files are mostly in order of time, so row order is tried first."""
    group.sort()
    for at in range(1, len(group)):
        if time[group[at]] < time[group[at - 1]]:
            group[:] = group[np.argsort(time[group])]
            return


def _repeats(rows: Rows, candidates: npt.NDArray[np.int64], window: int, exact: bool) -> npt.NDArray[np.int8]:
    """What each row of the frame repeats: nothing (0), EXACT or NEAR; int8 (n,)."""
    found = np.zeros(rows.events.height, dtype=np.int8)
    if not len(candidates):
        return found
    says = rows.events.select(name for name in SAME if name in rows.events.columns)[candidates].with_columns(
        user=pl.Series(rows.user[candidates]),
        item=pl.Series(rows.item[candidates]),
        time=pl.Series(rows.time[candidates]),
        at=pl.Series(candidates),
    )
    meaning = [name for name in says.columns if name not in ("time", "at")]
    ranked = says.sort(*meaning, "time", "at")
    groups = ranked.select(pl.struct(meaning).rle_id()).to_series().to_numpy()
    found[ranked["at"].to_numpy()] = _repeats_in_order(groups, ranked["time"].to_numpy(), window, exact)
    return found


@kernel()
def _repeats_in_order(groups: npt.NDArray[np.uint32], time: Times, window: int, exact: bool) -> npt.NDArray[np.int8]:
    found = np.zeros(len(groups), dtype=np.int8)
    last = time[0]
    for at in range(1, len(groups)):
        if groups[at] != groups[at - 1]:
            last = time[at]
        elif time[at] == last:
            found[at] = EXACT if exact else 0
        elif time[at] - last <= window:
            found[at] = NEAR
        else:
            last = time[at]
    return found
