"""Sets of baskets as bits: 64 of them meet in one instruction."""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from slatewright.core.kernels import kernel


@intrinsic  # type: ignore[untyped-decorator]
def _ones(typing_context: Any, word: Any) -> Any:
    """How many bits of a word are set, as one instruction of the machine."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@kernel()
def weigh(held: Any, planes: Any) -> Any:
    """What the baskets of a row, uint64 (words,), are worth together.

    ``planes`` uint64 (8, words): plane p has a bit for each basket whose worth has the bit p.
    """
    total = np.int64(0)
    for plane in range(len(planes)):
        count = np.uint64(0)
        for word in range(len(held)):
            count += _ones(held[word] & planes[plane, word])
        total += np.int64(count) << plane
    return total


@kernel()
def meet(left: Any, right: Any, both: Any) -> Any:
    """Write the baskets of both sides, uint64 (words,) each, to ``both``; gives how many they are."""
    count = np.uint64(0)
    for word in range(len(both)):
        common = left[word] & right[word]
        both[word] = common
        count += _ones(common)
    return np.int64(count)
