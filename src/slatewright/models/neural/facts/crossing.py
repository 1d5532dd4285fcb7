"""Crossed columns: two values that stand together have a weight of their own, in a table of fixed size.

The wide side of Cheng et al.: Wide & Deep Learning for Recommender Systems (DLRS 2016). Pairs share places by hashing
(Weinberger et al.: Feature Hashing for Large Scale Multitask Learning, ICML 2009).
"""

from typing import Any

import numpy as np

from slatewright.core.arrays import Array, Index
from slatewright.core.kernels import kernel
from slatewright.core.mixing import GOLDEN, mixed


def crossed(one: Index, other: Index, keys: Array, n_places: int) -> Index:
    """The place of each pair of values, int32 (n, pairs): 0 where either is 0, else from 1 to ``n_places`` - 1.

    ``one`` and ``other`` int32 (n, pairs); ``keys`` int64 (pairs,) tells pairs of columns apart. The same values under
    the same key have the same place anywhere and in every version: places are stored in bundles.
    """
    out = np.empty(one.shape, dtype=np.int32)
    _cross(np.ascontiguousarray(one), np.ascontiguousarray(other), keys.astype(np.uint64), n_places, out)
    return out


@kernel()
def _cross(one: Any, other: Any, keys: Any, n_places: Any, out: Any) -> None:
    room = np.uint64(n_places - 1)
    for pair in range(len(keys)):
        key = mixed(keys[pair] + GOLDEN)
        for row in range(len(out)):
            if one[row, pair] == 0 or other[row, pair] == 0:
                out[row, pair] = 0
            else:
                values = (np.uint64(one[row, pair]) << np.uint64(32)) | np.uint64(other[row, pair])
                out[row, pair] = 1 + np.int64(mixed(key ^ mixed(values)) % room)
