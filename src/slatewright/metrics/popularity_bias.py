"""Do a few best sellers get all the places? Gini, popularity lift, share of the tail.

Numbers of all lists together are given as one value per user whose mean is the number (for Gini and lift: its
linearisation, the influence function, which makes intervals and paired differences as cheap as those of a mean).
"""

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets
from slatewright.core.errors import BadInput
from slatewright.metrics.places import PerItem, exposures, mean_of_places
from slatewright.metrics.ranking import PerUser

HEAD, MID, TAIL = 0, 1, 2
BANDS = ("head", "mid", "tail")
HEAD_SHARE, TAIL_SHARE = 0.2, 0.2


def popularity_bands(takers: Offsets) -> Index:
    """Head, mid or tail (0, 1, 2) of each item, int32 (n_items,), by how many users took it.

    Head: the most popular items that together collect a fifth of all that was taken; tail: the least popular items that
    collect the last fifth, and everything that nobody took. Equally popular items are told apart by index.
    Abdollahpouri, Mansoury, Burke and Mobasher (2019).
    """
    order = np.argsort(-takers.astype(np.int64), kind="stable")
    total = max(1, int(takers.sum()))
    before = (np.cumsum(takers[order]) - takers[order]) / total  # taken of all items that are more popular
    bands = np.full(len(takers), MID, dtype=np.int32)
    bands[order[before < HEAD_SHARE]] = HEAD
    bands[order[before >= 1 - TAIL_SHARE]] = TAIL
    bands[takers == 0] = TAIL
    return bands


def gini(lists: Index, counts: Offsets, n_items: int) -> float:
    """How unevenly the lists show the catalogue: 0, all items as often; towards 1, one item gets every place.

    Counts items that nobody is shown. Gini (1912); of recommendations: Fleder and Hosanagar (2009).

    Raises:
        BadInput: no list shows anything, or an unknown item.
    """
    return gini_of_counts(exposures(lists, counts, n_items))


def gini_of_counts(counts: Array) -> float:
    """How unevenly things are counted: 0, all as often; towards 1, one has everything. Counts (n,), in any order.

    Raises:
        BadInput: nothing was counted.
    """
    if not counts.sum():
        raise BadInput("no list shows anything: there is no Gini coefficient of nothing")
    return float((_ranks(len(counts)) * np.sort(counts)).sum() / counts.sum())


def gini_of_users(lists: Index, counts: Offsets, n_items: int) -> PerUser:
    """``gini`` as one number per user, whose mean it is, float64 (n,); a single one may lie outside 0 to 1.

    Raises:
        BadInput: no list shows anything, or an unknown item.
    """
    whole = gini(lists, counts, n_items)
    worth = np.empty(n_items)
    worth[np.argsort(exposures(lists, counts, n_items), kind="stable")] = _ranks(n_items)
    each = np.nan_to_num(mean_of_places(lists, counts, worth))
    return np.asarray(whole + counts * (each - whole) / counts.mean(), dtype=np.float64)


def _ranks(n: int) -> PerItem:
    """The weight of the least to the most shown of n items: between -1 and 1, 0 in the middle."""
    return (2 * np.arange(1, n + 1) - n - 1) / n


def average_popularity(lists: Index, counts: Offsets, takers: Offsets, n_users: int) -> PerUser:
    """The mean share of users who took a listed item, float64 (n,); NaN where a list is empty.

    Yin, Cui, Li, Yao and Chen (VLDB 2012).
    """
    return mean_of_places(lists, counts, takers / max(1, n_users))


def popularity_lift(listed: PerUser, taken: PerUser) -> PerUser:
    """How much more popular the lists are than what their users take themselves: 0 as popular, 1 twice as popular.

    ``listed`` and ``taken`` (n,) are the average popularity of a user's list and history; a user who has only one of
    them is left out (NaN). The mean of the result is mean(listed) / mean(taken) - 1: "delta GAP" of Abdollahpouri,
    Mansoury, Burke and Mobasher (2019), one value per user.
    """
    both = ~(np.isnan(listed) | np.isnan(taken))
    lift = np.full(len(listed), np.nan)
    base = taken[both].mean() if both.any() else 0.0
    if base > 0:
        ratio = listed[both].mean() / base
        lift[both] = ratio - 1 + (listed[both] - ratio * taken[both]) / base
    return lift


def tail_share(lists: Index, counts: Offsets, bands: Index) -> PerUser:
    """The share of a list's places that items of the tail get, float64 (n,); NaN where a list is empty."""
    return mean_of_places(lists, counts, (bands == TAIL).astype(np.float64))
