"""Sort events by user, then time, then item, kind and value: a counting sort over users, a merge sort inside each.

Each event is packed into one record, so that moving it costs one cache miss instead of one per column; both cores work
on users of their own. Several times faster than a general sort. The order is total, so equal events in any order of
rows give the same arrays.
"""

import numba
import numpy as np
import numpy.typing as npt
from numba import prange

from slatewright.core.arrays import Index, Offsets, Times, Weights
from slatewright.core.kernels import kernel, one_at_a_time

_Records = npt.NDArray[np.int64]  # (events, 3): time; item and kind; value and session
_Kinds = npt.NDArray[np.int8]
_Columns = tuple[Index, _Kinds, Weights, Times, Index]

_RUN = 12  # runs this short are sorted by insertion
_BLOCKS_PER_THREAD = 8


def sort_events(
    user: Index, item: Index, kind: _Kinds, value: Weights, time: Times, session: Index | None = None
) -> tuple[Offsets, _Columns]:
    """Where each user's events start, int64 (n_users + 1,), and item, kind, value, time and session (events,) in order.

    ``session`` is at least 0; without one, the last column is empty.
    """
    offsets = _offsets(user, int(user.max(initial=-1)) + 1)
    records = np.empty((len(user), 3), dtype=np.int64)
    visits = np.empty(0, dtype=np.int32) if session is None else session
    threads = numba.get_num_threads()
    with one_at_a_time():
        blocks, free = _blocks(offsets, threads), offsets[:-1].copy()
        _pack(user, item, kind, value.view(np.int32), time, visits, blocks, free, records)
        _sort(records, offsets, _blocks(offsets, threads * _BLOCKS_PER_THREAD))
        return offsets, _unpack(records, session is not None)


def _blocks(offsets: Offsets, n: int) -> Offsets:
    """Bounds of n blocks of neighbouring users with about as many events each, int64 (n + 1,)."""
    inner = np.searchsorted(offsets, np.arange(1, n) * offsets[-1] // n)
    return np.concatenate([[0], np.minimum(inner, len(offsets) - 1), [len(offsets) - 1]]).astype(np.int64)


@kernel()
def _offsets(user: Index, n_users: int) -> Offsets:
    offsets = np.zeros(n_users + 1, dtype=np.int64)
    for row in range(len(user)):
        offsets[user[row] + 1] += 1
    for at in range(n_users):
        offsets[at + 1] += offsets[at]
    return offsets


@kernel(parallel=True)
def _pack(
    user: Index,
    item: Index,
    kind: _Kinds,
    value_bits: npt.NDArray[np.int32],
    time: Times,
    session: Index,
    blocks: Offsets,
    free: Offsets,
    records: _Records,
) -> None:
    """Write each event to the next free place of its user; ``free`` ends as the end of each user."""
    for block in prange(len(blocks) - 1):
        low, high = blocks[block], blocks[block + 1]
        for row in range(len(user)):
            if low <= user[row] < high:
                at = free[user[row]]
                free[user[row]] = at + 1
                records[at, 0] = time[row]
                records[at, 1] = (np.int64(item[row]) << 8) | np.int64(kind[row])
                records[at, 2] = np.int64(value_bits[row]) << 32
                if len(session):
                    records[at, 2] |= np.int64(session[row])


@kernel(parallel=True)
def _unpack(records: _Records, sessions: bool) -> _Columns:
    n = len(records)
    session = np.empty(n if sessions else 0, dtype=np.int32)
    item, kind = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int8)
    value, time = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int64)
    for at in prange(n):
        time[at] = records[at, 0]
        item[at] = records[at, 1] >> 8
        kind[at] = records[at, 1] & 0xFF
        value[at] = records[at, 2] >> 32
        if sessions:
            session[at] = records[at, 2] & 0xFFFFFFFF
    return item, kind, value.view(np.float32), time, session


@kernel(parallel=True)
def _sort(records: _Records, offsets: Offsets, blocks: Offsets) -> None:
    for block in prange(len(blocks) - 1):
        longest = 0
        for user in range(blocks[block], blocks[block + 1]):
            longest = max(longest, offsets[user + 1] - offsets[user])
        left = np.empty((longest if longest > _RUN else 0, 3), dtype=np.int64)
        for user in range(blocks[block], blocks[block + 1]):
            _merge_sort(records[offsets[user] : offsets[user + 1]], left)


@kernel()
def _before(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> bool:
    if a[0] != b[0]:
        return bool(a[0] < b[0])
    if a[1] != b[1]:
        return bool(a[1] < b[1])
    return bool(a[2] < b[2])  # bits order negative values backwards; any total order will do


@kernel()
def _insert(records: _Records) -> None:
    for start in range(1, len(records)):
        at = start
        time, what, value = records[start, 0], records[start, 1], records[start, 2]
        while at > 0 and (time, what, value) < (records[at - 1, 0], records[at - 1, 1], records[at - 1, 2]):
            records[at] = records[at - 1]
            at -= 1
        records[at, 0], records[at, 1], records[at, 2] = time, what, value


@kernel()
def _merge_sort(records: _Records, left: _Records) -> None:
    """Bottom up: short runs by insertion, then merges of twice the width; halves in order are left alone."""
    n = len(records)
    for start in range(0, n, _RUN):
        _insert(records[start : start + _RUN])
    width = _RUN
    while width < n:
        for start in range(0, n - width, 2 * width):
            middle = start + width
            if _before(records[middle], records[middle - 1]):
                left[:width] = records[start:middle]
                _merge(records[start : start + 2 * width], left[:width])
        width *= 2


@kernel()
def _merge(records: _Records, left: _Records) -> None:
    """Merge ``left`` with what stands in ``records`` behind as many places, into ``records``."""
    a, b, at = 0, len(left), 0
    while a < len(left):
        if b < len(records) and _before(records[b], left[a]):
            records[at] = records[b]
            b += 1
        else:
            records[at] = left[a]
            a += 1
        at += 1
