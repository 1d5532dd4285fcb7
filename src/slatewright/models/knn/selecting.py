"""The best of many candidates by selection, not by a heap.

``best_of`` looks at all candidates at once. They are dealt into groups, and the largest of each group is found, which
is a few instructions for sixteen candidates. A floor that enough of these reach is below none of the best, so only the
groups above it are looked at one by one. ``cut`` serves those whose candidates come one after the other: those that
reach the worst of the kept are noted, and when the room for notes is full it is cut to the best.

A candidate becomes one key, no two alike: the similarity in its high half and the item, turned round, in its low half,
so that the larger key is the better candidate and ties break by item index. Positive floats order as their bits do.
"""

from typing import Any, NamedTuple

import numpy as np

from slatewright.core.kernels import kernel

LAST = 0x7FFFFFFF  # items are turned round below this: the lower item has the larger key
LEAST = np.float32(1e-37)  # what no similarity that counts is below
LEAST_BITS = np.int32(LEAST.view(np.int32))
SPARE = 64  # room for notes beyond twice the wanted
LANES = 16  # candidates compared by one instruction


class Room(NamedTuple):
    """Where ``best_of`` works: one key uint64 and one head of a group int32 for each candidate there may be."""

    keys: Any
    heads: Any


@kernel(fastmath=True)
def cut(numbers: Any, members: Any, count: Any, wanted: Any, keys: Any) -> None:
    """Keep the ``wanted`` best of ``count`` notes, the worst of them last, the others in no order.

    ``numbers`` float32, positive, and ``members`` int32 are the notes; ``keys`` uint64 is room to work in.
    """
    bits = numbers.view(np.uint32)
    for at in range(count):
        keys[at] = (np.uint64(bits[at]) << np.uint64(32)) | np.uint64(LAST - members[at])
    if wanted < count:
        select(keys, count, wanted)
    for at in range(min(wanted, count)):
        bits[at] = np.uint32(keys[at] >> np.uint64(32))
        members[at] = LAST - np.int64(keys[at] & np.uint64(0xFFFFFFFF))


@kernel(fastmath=True)
def select(keys: Any, count: Any, wanted: Any) -> None:
    """Move the ``wanted`` largest of the first ``count`` keys to the front, the least of them last (Hoare)."""
    left, right, last = 0, count - 1, wanted - 1
    while left < right:
        one, two, three = keys[left], keys[(left + right) >> 1], keys[right]
        pivot = max(min(one, two), min(max(one, two), three))
        low, high = left, right
        while low <= high:
            while keys[low] > pivot:
                low += 1
            while keys[high] < pivot:
                high -= 1
            if low <= high:
                keys[low], keys[high] = keys[high], keys[low]
                low += 1
                high -= 1
        if last <= high:
            right = high
        elif last >= low:
            left = low
        else:
            return


@kernel()
def room_for(most: Any) -> Room:
    """For up to ``most`` candidates."""
    return Room(np.empty(most, dtype=np.uint64), np.empty(most + LANES, dtype=np.int32))


@kernel(fastmath=True)
def best_of(others: Any, found: Any, size: Any, wanted: Any, room: Room, numbers: Any, members: Any) -> Any:
    """Keep the ``wanted`` best of ``others`` by what was ``found``, if positive; gives how many there are.

    They are the first of ``members`` int32 and ``numbers`` float32, in no order."""
    bits, keys = found.view(np.int32), room.keys
    count = 0
    if size <= max(4 * wanted, 4 * LANES):
        count = _note(others, bits, 0, 1, size, LEAST_BITS, keys, count)
    else:
        groups = max(2 * wanted, (int(np.sqrt(size * wanted)) // LANES + 1) * LANES)
        heads = room.heads[:groups]
        floor = _lead(bits[:size], heads, wanted)
        for group in range(groups):
            if heads[group] >= floor:
                count = _note(others, bits, group, groups, size, floor, keys, count)
    if count > wanted:
        select(keys, count, wanted)
        count = wanted
    kept = numbers.view(np.uint32)
    for at in range(count):
        kept[at] = np.uint32(keys[at] >> np.uint64(32))
        members[at] = LAST - np.int64(keys[at] & np.uint64(0xFFFFFFFF))
    return count


@kernel(fastmath=True)
def _note(others: Any, bits: Any, first: Any, step: Any, size: Any, floor: Any, keys: Any, count: Any) -> Any:
    """Note every ``step``-th candidate from ``first`` on that reaches the floor; gives how many are noted by now."""
    for at in range(first, size, step):
        keys[count] = (np.uint64(bits[at]) << np.uint64(32)) | np.uint64(LAST - others[at])
        count += bits[at] >= floor
    return count


@kernel(fastmath=True)
def _lead(bits: Any, heads: Any, wanted: Any) -> Any:
    """The largest of each group into ``heads``: candidate g and every ``len(heads)``-th after it are group g.

    Gives a floor that ``wanted`` of the heads reach and few more do; LEAST_BITS where fewer reach that."""
    groups = len(heads)
    for group in range(groups):
        heads[group] = bits[group]
    for start in range(groups, len(bits), groups):
        for group in range(min(groups, len(bits) - start)):
            heads[group] = max(heads[group], bits[start + group])
    low, high, enough = LEAST_BITS, np.int32(0), wanted + wanted // 4
    for group in range(groups):
        high = max(high, heads[group])
    while high - low > 1:
        floor, reached = np.int32(low + (high - low) // 2), np.int32(0)
        for group in range(groups):
            reached += np.int32(heads[group] >= floor)
        if reached >= wanted:
            low = floor
            if reached <= enough:
                break
        else:
            high = floor
    return low
