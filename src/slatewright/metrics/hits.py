"""Where the lists are right: the one array that every ranking metric reads."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel


def hits(lists: Index, counts: Offsets, offsets: Offsets, relevant: Index) -> Mask:
    """Which places hold a relevant item, bool (n, k).

    ``lists`` int32 (n, k), best first; of row u only the first ``counts[u]`` places are filled, what lies behind them
    is never looked at. User u's relevant items are ``relevant[offsets[u]:offsets[u + 1]]``, in any order.

    Raises:
        BadInput: the shapes do not fit, an item is below 0, or a list holds an item twice (it would be counted twice).
    """
    rows, k = checked_lists(lists, counts)
    if len(offsets) != rows + 1:
        raise BadInput(f"lists of {rows} users must come with {rows + 1} offsets of relevant items, got {len(offsets)}")
    lowest, highest = item_range(lists, counts)
    if min(lowest, int(relevant.min(initial=0))) < 0:
        raise BadInput("an item must be an index of the training set, 0 or more, got one below 0")
    n_items = 1 + max(highest, int(relevant.max(initial=0)))
    found = np.zeros((rows, k), dtype=np.bool_)
    repeats = in_chunks(
        lambda begin, end: _find(
            lists[begin:end], counts[begin:end], offsets[begin : end + 1], relevant, found[begin:end], n_items
        ),
        equal_chunks(rows, 2 * k),
    )
    if twice := sum(repeats):
        raise BadInput(
            f"a list must hold each item once, {twice} of {counts.sum()} places repeat an item of their list"
        )
    return found


def checked_lists(lists: Index, counts: Offsets) -> tuple[int, int]:
    """How many lists there are and how many places each has.

    Raises:
        BadInput: the shapes do not fit, or a count is not between 0 and k.
    """
    if lists.ndim != 2 or len(counts) != len(lists):
        raise BadInput(f"lists must be (n, k) with n counts, got {lists.shape} and {len(counts)} counts")
    if len(counts) and not 0 <= counts.min() <= counts.max() <= lists.shape[1]:
        raise BadInput(f"a list of {lists.shape[1]} places holds 0 to {lists.shape[1]} items, got a count beyond that")
    return len(lists), lists.shape[1]


@kernel()
def item_range(lists: Any, counts: Any) -> Any:
    """The lowest and the highest item of the filled places, or 0 beyond them."""
    lowest, highest = 0, 0
    for row in range(len(lists)):
        for place in range(counts[row]):
            lowest, highest = min(lowest, lists[row, place]), max(highest, lists[row, place])
    return lowest, highest


@kernel()
def _find(lists: Any, counts: Any, offsets: Any, relevant: Any, found: Any, n_items: Any) -> Any:
    """Mark the hits of some rows; gives how many places repeat an item."""
    wanted = np.zeros(n_items, dtype=np.int32)  # the last row (from 1) that wants an item
    shown = np.zeros(n_items, dtype=np.int32)  # and the last that shows it
    repeats = 0
    for row in range(len(lists)):
        for at in range(offsets[row], offsets[row + 1]):
            wanted[relevant[at]] = row + 1
        for place in range(counts[row]):
            item = lists[row, place]
            repeats += shown[item] == row + 1
            shown[item] = row + 1
            found[row, place] = wanted[item] == row + 1
    return repeats
