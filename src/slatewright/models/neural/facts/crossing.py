"""Crossed columns: two values that stand together have a weight of their own, in a table of fixed size.

The wide side of Cheng et al.: Wide & Deep Learning for Recommender Systems (DLRS 2016). Pairs share places by hashing
(Weinberger et al.: Feature Hashing for Large Scale Multitask Learning, ICML 2009).
"""

from typing import Any

import numpy as np

from slatewright.core.arrays import Array, Index
from slatewright.core.kernels import kernel


def crossed(one: Index, other: Index, keys: Array, n_places: int) -> Index:
    """The place of each pair of values, int32 (n, pairs): 0 where either is 0, else from 1 to ``n_places`` - 1.

    ``one`` and ``other`` int32 (n, pairs); ``keys`` int64 (pairs,) tells pairs of columns apart. The same values under
    the same key have the same place anywhere and in every version: places are stored in bundles.
    """
    out = np.empty(one.shape, dtype=np.int32)
    _cross(np.ascontiguousarray(one), np.ascontiguousarray(other), keys.astype(np.uint64), n_places, out)
    return out


@kernel(inline=True)
def _mixed(number: Any) -> Any:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of 64 depends on every other."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@kernel()
def _cross(one: Any, other: Any, keys: Any, n_places: Any, out: Any) -> None:
    room = np.uint64(n_places - 1)
    for pair in range(len(keys)):
        key = _mixed(keys[pair] + np.uint64(0x9E3779B97F4A7C15))
        for row in range(len(out)):
            if one[row, pair] == 0 or other[row, pair] == 0:
                out[row, pair] = 0
            else:
                values = (np.uint64(one[row, pair]) << np.uint64(32)) | np.uint64(other[row, pair])
                out[row, pair] = 1 + np.int64(_mixed(key ^ _mixed(values)) % room)
