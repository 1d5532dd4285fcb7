"""Items that a user did not take, drawn for each event: the same ones whatever the batches and workers."""

from typing import Any

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Index, Offsets
from slatewright.core.kernels import kernel
from slatewright.core.mixing import GOLDEN, mixed

TRIES = 64


def draw(taken: sparse.csr_matrix, users: Index, rows: Offsets, n: int, seed: int) -> Index:
    """``n`` items for each of some events, int32 (events, n), every item alike, none that the event's user has.

    ``taken`` (n_users, n_items) says who has what; ``users`` and ``rows`` (events,) are the events' users and numbers.
    A user who has every item gets items all the same.
    """
    drawn = np.empty((len(rows), n), dtype=np.int32)
    if drawn.size:
        _draw(taken.indptr, taken.indices, taken.shape[1], users, rows, np.uint64(seed), drawn)
    return drawn


@kernel(inline=True)
def _has(items: Any, begin: Any, end: Any, item: Any) -> Any:
    at = begin + np.searchsorted(items[begin:end], item)
    return at < end and items[at] == item


@kernel()
def _draw(offsets: Any, items: Any, n_items: Any, users: Any, rows: Any, seed: Any, drawn: Any) -> None:
    for event in range(len(rows)):
        begin, end = offsets[users[event]], offsets[users[event] + 1]
        state = mixed(seed + np.uint64(rows[event]) * GOLDEN)
        for nth in range(drawn.shape[1]):
            item = np.int64(0)
            for _ in range(TRIES):
                state = mixed(state + GOLDEN)
                item = np.int64((state >> np.uint64(32)) * np.uint64(n_items) >> np.uint64(32))
                if not _has(items, begin, end, item):
                    break
            if end - begin < n_items:  # few are left: the next one that is free
                while _has(items, begin, end, item):
                    item = (item + 1) % n_items
            drawn[event, nth] = item
