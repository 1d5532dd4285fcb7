"""What the places of lists add up to: the loop under novelty, popularity and the share of the tail."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Index, Offsets
from slatewright.core.chunks import chunks_of, equal_chunks, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.metrics.hits import checked_lists
from slatewright.metrics.ranking import PerUser

PerItem: TypeAlias = npt.NDArray[np.float64]


def mean_of_places(lists: Index, counts: Offsets, worth: PerItem) -> PerUser:
    """The mean of ``worth`` (n_items,) over the filled places of each list, float64 (n,); NaN where a list is empty.

    ``lists`` int32 (n, k), of which row u's first ``counts[u]`` places are filled.

    Raises:
        BadInput: the shapes do not fit, or a list holds an item that ``worth`` does not know.
    """
    rows, k = checked_lists(lists, counts)
    means = np.full(rows, np.nan)
    worth = np.ascontiguousarray(worth, dtype=np.float64)
    good = in_chunks(
        lambda begin, end: _means(lists[begin:end], counts[begin:end], worth, means[begin:end]), equal_chunks(rows, k)
    )
    if not all(good):
        raise BadInput(f"the items of a list must be among the {len(worth)} that are known")
    return means


def mean_of_rows(offsets: Offsets, items: Index, worth: PerItem) -> PerUser:
    """The mean of ``worth`` (n_items,) over the items of each row, float64 (n,); NaN where a row has none.

    Row u is ``items[offsets[u]:offsets[u + 1]]``, all of them below ``n_items``.
    """
    means = np.full(len(offsets) - 1, np.nan)
    in_chunks(
        lambda begin, end: _row_means(offsets[begin : end + 1], items, worth, means[begin:end]),
        chunks_of(offsets - offsets[0]),
    )
    return means


@kernel()
def _row_means(offsets: Any, items: Any, worth: Any, means: Any) -> None:
    for row in range(len(means)):
        total = 0.0
        for at in range(offsets[row], offsets[row + 1]):
            total += worth[items[at]]
        if offsets[row + 1] > offsets[row]:
            means[row] = total / (offsets[row + 1] - offsets[row])


def exposures(lists: Index, counts: Offsets, n_items: int, *, by_position: bool = False) -> PerItem:
    """How much each item is shown, float64 (n_items,): its number of places, or these weighed 1 / log2(position + 1).

    Raises:
        BadInput: the shapes do not fit, or a list holds an item beyond ``n_items``.
    """
    _, k = checked_lists(lists, counts)
    shown = np.zeros(n_items)
    worth = 1 / np.log2(np.arange(2, k + 2)) if by_position else np.ones(k)
    if not _expose(lists, counts, worth, shown):
        raise BadInput(f"the items of a list must be among the {n_items} that are known")
    return shown


@kernel()
def _expose(lists: Any, counts: Any, worth: Any, shown: Any) -> Any:
    for row in range(len(lists)):
        for place in range(counts[row]):
            item = lists[row, place]
            if item < 0 or item >= len(shown):
                return False
            shown[item] += worth[place]
    return True


@kernel()
def _means(lists: Any, counts: Any, worth: Any, means: Any) -> Any:
    for row in range(len(lists)):
        total = 0.0
        for place in range(counts[row]):
            item = lists[row, place]
            if item < 0 or item >= len(worth):
                return False
            total += worth[item]
        if counts[row]:
            means[row] = total / counts[row]
    return True
