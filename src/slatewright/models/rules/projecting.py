"""Baskets in the order in which sets grow: the rarest item first, items that are not frequent left out."""

from typing import Any, NamedTuple

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets
from slatewright.core.kernels import kernel
from slatewright.models.rules.baskets import Baskets


class Projected(NamedTuple):
    """``order`` int32 (n,): the frequent items, the rarest first; what follows speaks of places in it.

    ``places`` int32 (entries,): the places in each basket, rising, baskets end to end. Place p occurs in the baskets
    ``bounds[p]:bounds[p + 1]``; occurrence o is followed there by ``places[starts[o]:ends[o]]``. All int64. ``worth``
    uint8 (entries,): what the basket of each occurrence counts; (0,) where all count alike.
    """

    order: Index
    places: Index
    bounds: Offsets
    starts: Offsets
    ends: Offsets
    worth: Array


def project(baskets: Baskets, least: int) -> Projected:
    """The baskets with only those items that at least ``least`` of them hold."""
    frequency = np.bincount(baskets.items, minlength=baskets.n_items)
    by_rarity = np.argsort(frequency, kind="stable")
    order = by_rarity[np.searchsorted(frequency[by_rarity], least) :].astype(np.int32)
    place = np.full(baskets.n_items, len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    bounds = np.concatenate([[0], np.cumsum(frequency[order])]).astype(np.int64)
    size = int(bounds[-1])
    places, starts, ends = np.empty(size, np.int32), np.empty(size, np.int64), np.empty(size, np.int64)
    of_basket = np.empty(0, np.uint8) if baskets.worth is None else np.ascontiguousarray(baskets.worth)
    worth = np.empty(size if len(of_basket) else 0, np.uint8)
    _deal(baskets.offsets, baskets.items, place, bounds, places, starts, ends, of_basket, worth)
    return Projected(order, places, bounds, starts, ends, worth)


@kernel()
def _deal(
    offsets: Any, items: Any, place: Any, bounds: Any, places: Any, starts: Any, ends: Any, of_basket: Any, worth: Any
) -> None:  # fmt: skip
    """Deal baskets to places, then places, in order, back to baskets: sorted without sorting."""
    n, n_places = len(offsets) - 1, len(bounds) - 1
    cursor, begin = bounds.copy(), np.zeros(n + 1, dtype=np.int64)
    for basket in range(n):
        kept = 0
        for at in range(offsets[basket], offsets[basket + 1]):
            if place[items[at]] < n_places:
                starts[cursor[place[items[at]]]] = basket  # for a while, which basket it is
                cursor[place[items[at]]] += 1
                kept += 1
        begin[basket + 1] = begin[basket] + kept
    next_free = begin[:-1].copy()
    for here in range(n_places):
        for occurrence in range(bounds[here], bounds[here + 1]):
            basket = starts[occurrence]
            if len(worth):
                worth[occurrence] = of_basket[basket]
            places[next_free[basket]] = here
            next_free[basket] += 1
            starts[occurrence] = next_free[basket]
            ends[occurrence] = begin[basket + 1]
