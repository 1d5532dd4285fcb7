"""Which of some positions are among others: a bit for each position, so that a few are asked about in microseconds."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Mask
from slatewright.core.kernels import kernel


def among(asked: Index, some: Index, n: int) -> Mask:
    """Whether each of ``asked`` is one of ``some``, bool (asked,); both hold positions from 0 to ``n - 1``."""
    found = np.zeros(len(asked), dtype=np.bool_)
    if len(some) and len(asked):
        _among(asked, some, n, found)
    return found


@kernel()
def _among(asked: Any, some: Any, n: Any, found: Any) -> None:
    bits = np.zeros((n + 63) // 64, dtype=np.uint64)
    for one in some:
        bits[one >> 6] |= np.uint64(1) << np.uint64(one & 63)
    for at in range(len(asked)):
        one = asked[at]
        found[at] = (bits[one >> 6] >> np.uint64(one & 63)) & np.uint64(1) == 1
