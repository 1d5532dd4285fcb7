"""Numbers that look drawn, computed from others: the same for ever, in whatever order they are asked for.

SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014). Its n-th number is
``mixed(seed + n * GOLDEN)``. Bundles and splits rest on these numbers: they never change.
"""

from typing import Any

import numpy as np

from slatewright.core.kernels import kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio, odd: its multiples are spread over all 64 bits


@kernel(inline=True)
def mixed(number: Any) -> Any:
    """A uint64 whose every bit depends on every bit of ``number``, uint64; no two numbers have the same."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@kernel()
def shifted(state: Any) -> Any:
    """The uint64 that follows another, never 0, in a stream of draws: cheaper than ``mixed`` in an innermost loop, and
    begun from a seed that is drawn already (Marsaglia: Xorshift RNGs, Journal of Statistical Software 2003)."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    return state
