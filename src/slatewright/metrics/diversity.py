"""How different the items of one list are from each other: by the shelves they stand on, and by vectors.

The mean distance of all pairs of a list (intra-list distance; Smyth and McClave 2001, Ziegler, McNee, Konstan and
Lausen, WWW 2005). 0: all the same; 1: nothing in common. An item of which nothing is known (no category, a vector of
zeros) is in no pair; a list without a pair has no diversity: NaN.
"""

from typing import Any

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.metrics.hits import checked_lists
from slatewright.metrics.ranking import PerUser


def diversity_of_categories(lists: Index, counts: Offsets, offsets: Offsets, categories: Index) -> PerUser:
    """1 - shared / all categories of two items (Jaccard distance), mean over the pairs of each list, float64 (n,).

    Item i stands in ``categories[offsets[i]:offsets[i + 1]]``, in ascending order.

    Raises:
        BadInput: the shapes do not fit, or a list holds an unknown item.
    """
    rows, k = checked_lists(lists, counts)
    check_known(lists, counts, len(offsets) - 1)
    means = np.full(rows, np.nan)
    if not len(categories):
        return means
    in_chunks(
        lambda begin, end: _by_categories(lists[begin:end], counts[begin:end], offsets, categories, means[begin:end]),
        equal_chunks(rows, k * k),
    )
    return means


def diversity_of_vectors(lists: Index, counts: Offsets, vectors: Array) -> PerUser:
    """1 - cosine of two items, mean over the pairs of each list, float64 (n,), 0 to 2; ``vectors`` (n_items, d).

    Raises:
        BadInput: the shapes do not fit, or a list holds an unknown item.
    """
    rows, k = checked_lists(lists, counts)
    check_known(lists, counts, len(vectors))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, lengths, out=np.zeros(vectors.shape), where=lengths > 0)
    means = np.full(rows, np.nan)
    in_chunks(
        lambda begin, end: _by_vectors(lists[begin:end], counts[begin:end], unit, lengths[:, 0] > 0, means[begin:end]),
        equal_chunks(rows, k * vectors.shape[1]),
    )
    return means


def check_known(lists: Index, counts: Offsets, n_items: int) -> None:
    """Every filled place holds one of ``n_items`` items.

    Raises:
        BadInput: one does not.
    """
    if not all(
        in_chunks(
            lambda begin, end: _all_known(lists[begin:end], counts[begin:end], n_items),
            equal_chunks(len(lists), lists.shape[1]),
        )
    ):
        raise BadInput(f"the items of a list must be among the {n_items} that are known")


@kernel()
def _all_known(lists: Any, counts: Any, n_items: Any) -> Any:
    for row in range(len(lists)):
        for place in range(counts[row]):
            if lists[row, place] < 0 or lists[row, place] >= n_items:
                return False
    return True


@kernel(inline=True)
def _shared(first: Any, second: Any) -> Any:
    """How many numbers two ascending arrays have in common."""
    a, b, shared = 0, 0, 0
    while a < len(first) and b < len(second):
        if first[a] == second[b]:
            shared += 1
            a += 1
            b += 1
        elif first[a] < second[b]:
            a += 1
        else:
            b += 1
    return shared


@kernel()
def _apart(items: Any, offsets: Any, categories: Any) -> Any:
    """The distances of all pairs, added up."""
    total = 0.0
    for place in range(1, len(items)):
        mine = categories[offsets[items[place]] : offsets[items[place] + 1]]
        for earlier in range(place):
            other = categories[offsets[items[earlier]] : offsets[items[earlier] + 1]]
            shared = _shared(mine, other)
            total += 1 - shared / (len(mine) + len(other) - shared)
    return total


@kernel()
def _unlike(items: Any, offsets: Any, categories: Any) -> Any:
    """The same where each item has one category: how many pairs differ in it."""
    pairs = 0
    for place in range(1, len(items)):
        mine = categories[offsets[items[place]]]
        for earlier in range(place):
            pairs += categories[offsets[items[earlier]]] != mine
    return float(pairs)


@kernel()
def _by_categories(lists: Any, counts: Any, offsets: Any, categories: Any, means: Any) -> None:
    known = np.empty(lists.shape[1], dtype=np.int64)  # the items of a list that stand in any category
    for row in range(len(lists)):
        size, several = 0, False
        for place in range(counts[row]):
            item = lists[row, place]
            known[size] = item
            size += offsets[item + 1] > offsets[item]
            several |= offsets[item + 1] > offsets[item] + 1
        if size > 1:
            total = _apart(known[:size], offsets, categories) if several else _unlike(known[:size], offsets, categories)
            means[row] = total / (size * (size - 1) / 2)


@kernel(fastmath=True)
def _by_vectors(lists: Any, counts: Any, unit: Any, known: Any, means: Any) -> None:
    """The cosines of all pairs add up to (length of the sum of the unit vectors ** 2 - items) / 2."""
    total = np.empty(unit.shape[1])
    for row in range(len(lists)):
        total[:], size = 0.0, 0
        for place in range(counts[row]):
            if known[lists[row, place]]:
                total += unit[lists[row, place]]
                size += 1
        if size > 1:
            means[row] = 1 - (np.sum(total * total) - size) / (size * (size - 1))
