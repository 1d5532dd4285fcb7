"""Numbers of the same position added up: a few of them, without an array for every position there is."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.core.kernels import kernel


def added_up(positions: Index, numbers: Scores) -> tuple[Index, Scores]:
    """The distinct positions, rising, and the sum of the numbers of each, int32 (n,) and float32 (n,); no sum is 0."""
    order = np.argsort(positions, kind="stable")
    distinct, sums = np.empty(len(order), dtype=np.int32), np.empty(len(order), dtype=np.float32)
    n = _add(positions[order], numbers[order], distinct, sums)
    return distinct[:n], sums[:n]


@kernel()
def _add(positions: Any, numbers: Any, distinct: Any, sums: Any) -> Any:
    """Fill in positions and sums; gives how many there are. The place of a sum of 0 goes to the next position."""
    n = 0
    for at in range(len(positions)):
        if n == 0 or distinct[n - 1] != positions[at]:
            if n == 0 or sums[n - 1] != 0:
                n += 1
            distinct[n - 1], sums[n - 1] = positions[at], np.float32(0)
        sums[n - 1] += numbers[at]
    return n - 1 if n and sums[n - 1] == 0 else n
