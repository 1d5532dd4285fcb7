"""Does a list mix the categories as its user does?"""

from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Offsets
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.metrics.diversity import check_known
from slatewright.metrics.hits import checked_lists
from slatewright.metrics.ranking import PerUser

SMOOTHING = 0.01  # of the user's own mix in that of the list, so that a missing category costs a finite amount


def miscalibration(
    lists: Index, counts: Offsets, taken_offsets: Offsets, taken: Index, category_offsets: Offsets, categories: Index
) -> PerUser:
    """How far a list's mix of categories is from its user's own (Kullback-Leibler divergence, nats), float64 (n,).

    0: the same mix; ln(100) = 4.6: nothing in common. User u took ``taken[taken_offsets[u]:taken_offsets[u + 1]]``;
    item i stands in ``categories[category_offsets[i]:category_offsets[i + 1]]`` and counts for each of them in equal
    parts. NaN where the history or the list has no item with a category. Steck (RecSys 2018), with his alpha of 0.01.

    Raises:
        BadInput: the shapes do not fit, or a list holds an unknown item.
    """
    rows, k = checked_lists(lists, counts)
    if len(taken_offsets) != rows + 1:
        raise BadInput(
            f"lists of {rows} users must come with {rows + 1} offsets of histories, got {len(taken_offsets)}"
        )
    check_known(lists, counts, len(category_offsets) - 1)
    n_categories = 1 + int(categories.max(initial=-1))
    found = np.full(rows, np.nan)
    in_chunks(
        lambda begin, end: _divergences(
            lists[begin:end], counts[begin:end], taken_offsets[begin : end + 1], taken,
            category_offsets, categories, np.zeros((2, n_categories)), found[begin:end],
        ),
        chunks_of(taken_offsets - taken_offsets[0] + k * np.arange(rows + 1)),
    )  # fmt: skip
    return found


@kernel()
def _add(items: Any, offsets: Any, categories: Any, mix: Any) -> Any:
    """Add what items stand for to a mix; gives how many had a category."""
    size = 0
    for item in items:
        begin, end = offsets[item], offsets[item + 1]
        size += end > begin
        for at in range(begin, end):
            mix[categories[at]] += 1.0 / (end - begin)
    return size


@kernel()
def _clear(items: Any, offsets: Any, categories: Any, mix: Any) -> None:
    for item in items:
        for at in range(offsets[item], offsets[item + 1]):
            mix[categories[at]] = 0.0


@kernel()
def _divergence(items: Any, offsets: Any, categories: Any, mixes: Any, sizes: Any) -> Any:
    """Of the two mixes, over the categories of the user's own items; each is looked at once and then cleared."""
    total = 0.0
    for item in items:
        for at in range(offsets[item], offsets[item + 1]):
            own = mixes[0, categories[at]] / sizes[0]
            if own > 0:
                shown = (1 - SMOOTHING) * mixes[1, categories[at]] / sizes[1] + SMOOTHING * own
                total += own * np.log(own / shown)
                mixes[0, categories[at]] = 0.0
    return total


@kernel()
def _divergences(
    lists: Any, counts: Any, taken_offsets: Any, taken: Any, offsets: Any, categories: Any, mixes: Any, found: Any
) -> None:
    for row in range(len(lists)):
        own = taken[taken_offsets[row] : taken_offsets[row + 1]]
        shown = lists[row, : counts[row]]
        sizes = (_add(own, offsets, categories, mixes[0]), _add(shown, offsets, categories, mixes[1]))
        if sizes[0] and sizes[1]:
            found[row] = _divergence(own, offsets, categories, mixes, sizes)
        _clear(own, offsets, categories, mixes[0])
        _clear(shown, offsets, categories, mixes[1])
