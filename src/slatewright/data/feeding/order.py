"""An order of n rows that is drawn without being held: where each row goes is computed when it is asked for.

A Feistel network over the next power of 4, walked until it is inside (Black and Rogaway: Ciphers with Arbitrary Finite
Domains, CT-RSA 2002). Any worker can compute any part of the same order, whatever the number of rows.
"""

from typing import Any

import numpy as np

from slatewright.core.arrays import Offsets
from slatewright.core.kernels import kernel
from slatewright.core.mixing import GOLDEN, mixed

ROUNDS = 6


def shuffled(begin: int, end: int, n: int, seed: int) -> Offsets:
    """Which rows stand at the places ``begin`` to ``end - 1`` of the order of a seed, int64; each of n stands once."""
    rows = np.empty(end - begin, dtype=np.int64)
    half = max(1, ((n - 1).bit_length() + 1) // 2)
    _shuffled(begin, n, np.uint64(half), np.uint64(seed), rows)
    return rows


@kernel()
def _shuffled(begin: Any, n: Any, half: Any, seed: Any, rows: Any) -> None:
    low = (np.uint64(1) << half) - np.uint64(1)
    for at in range(len(rows)):
        place = np.uint64(begin + at)
        while True:
            left, right = place >> half, place & low
            for turn in range(ROUNDS):
                key = mixed(seed + np.uint64(turn + 1) * GOLDEN)
                left, right = right, left ^ (mixed(right ^ key) & low)
            place = (left << half) | right
            if place < np.uint64(n):
                break
        rows[at] = np.int64(place)
