"""How much a list tells people that they did not know: novelty and serendipity."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.metrics.hits import checked_lists, item_range
from slatewright.metrics.places import PerItem, mean_of_places
from slatewright.metrics.ranking import PerUser


def self_information(takers: Offsets, n_users: int) -> PerItem:
    """How unknown each item is, in bits: -log2 of the share of users who took it, float64 (n_items,).

    ``takers`` int (n_items,) counts the users who took each item; one that nobody took is treated as taken by one.

    Raises:
        BadInput: there are no users, or an item has more takers than there are users.
    """
    if n_users < 1 or int(takers.max(initial=0)) > n_users:
        raise BadInput(
            f"takers are counted among at least one user and are no more than all, got {takers.max(initial=0)} of "
            f"{n_users} users"
        )
    return np.asarray(-np.log2(np.maximum(takers, 1) / n_users), dtype=np.float64)


def novelty(lists: Index, counts: Offsets, information: PerItem) -> PerUser:
    """The mean self-information of a list's items, in bits; NaN where a list is empty.

    An item that everybody took brings 0 bits, one that 1 of 1,000 users took about 10. Zhou, Kuscsik, Liu, Medo,
    Wakeling and Zhang (PNAS 2010).

    Raises:
        BadInput: the shapes do not fit, or a list holds an unknown item.
    """
    return mean_of_places(lists, counts, information)


def serendipity(found: Mask, lists: Index, counts: Offsets, expected: Index, expected_counts: Offsets) -> PerUser:
    """The share of the k places that hold a right item which a primitive recommender would not have shown.

    ``found`` bool (n, k) are the hits of ``lists``, which may have fewer than k places; ``expected`` int32 (n, any) are
    the lists of the primitive recommender (popularity) for the same users. A place that is not filled is not right.
    Murakami, Mori and Orihara (JSAI 2007); Ge, Delgado-Battenfeld and Jannach (RecSys 2010), with a right item for a
    useful one.

    Raises:
        BadInput: the shapes do not fit.
    """
    rows, k = checked_lists(lists, counts)
    if checked_lists(expected, expected_counts)[0] != rows or len(found) != rows or found.shape[1] < k:
        raise BadInput(f"hits must be of the same {rows} users and {k} places as the lists, got {found.shape}")
    ranges = item_range(lists, counts), item_range(expected, expected_counts)
    if min(lowest for lowest, _ in ranges) < 0:
        raise BadInput("an item must be an index of the training set, 0 or more, got one below 0")
    n_items = 1 + max(highest for _, highest in ranges)
    surprising = np.zeros(rows)
    in_chunks(
        lambda begin, end: _surprising(
            found[begin:end], lists[begin:end], counts[begin:end], expected[begin:end], expected_counts[begin:end],
            np.zeros(n_items, dtype=np.int32), surprising[begin:end],
        ),
        equal_chunks(rows, k + expected.shape[1]),
    )  # fmt: skip
    surprising /= found.shape[1]
    return surprising


@kernel()
def _surprising(
    found: Any, lists: Any, counts: Any, expected: Any, expected_counts: Any, last: Any, surprising: Any
) -> None:
    """Count right places that are not expected; ``last`` is the last row (from 1) that expects each item."""
    for row in range(len(lists)):
        for place in range(expected_counts[row]):
            last[expected[row, place]] = row + 1
        for place in range(counts[row]):
            surprising[row] += found[row, place] and last[lists[row, place]] != row + 1
