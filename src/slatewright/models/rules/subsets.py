"""Find a set among many: sets hash to the sum of numbers that stand for their items, so a subset is one subtraction."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets
from slatewright.core.kernels import kernel
from slatewright.core.mixing import GOLDEN, mixed


@kernel(inline=True)
def number_of(item: Any) -> Any:
    """A number that stands for an item, spread over all 64 bits."""
    return mixed((np.uint64(item) + np.uint64(1)) * GOLDEN)


def hash_table(offsets: Offsets, items: Index) -> tuple[Array, Array]:
    """A table to find sets in, and the hash of each set, uint64 (n,).

    The table, int64 (a power of two,), has one more than the number of a set, and 0 where it is empty.
    """
    n = len(offsets) - 1
    table, hashes = np.zeros(1 << max(1, (2 * n).bit_length()), np.int64), np.empty(n, np.uint64)
    _hash(offsets, items, table, hashes)
    return table, hashes


@kernel()
def _hash(offsets: Any, items: Any, table: Any, hashes: Any) -> None:
    for one in range(len(hashes)):
        total = np.uint64(0)
        for at in range(offsets[one], offsets[one + 1]):
            total += number_of(items[at])
        hashes[one] = total
        slot = np.int64(total & np.uint64(len(table) - 1))
        while table[slot]:
            slot = (slot + 1) & (len(table) - 1)
        table[slot] = one + 1


@kernel()
def find(wanted: Any, length: int, hash_of_it: Any, table: Any, offsets: Any, items: Any, hashes: Any) -> Any:
    """Which set has these ``length`` items, in their order; it must be there."""
    slot = np.int64(hash_of_it & np.uint64(len(table) - 1))
    while True:
        one = table[slot] - 1
        if hashes[one] == hash_of_it and offsets[one + 1] - offsets[one] == length:
            same = 0
            while same < length and items[offsets[one] + same] == wanted[same]:
                same += 1
            if same == length:
                return one
        slot = (slot + 1) & (len(table) - 1)
