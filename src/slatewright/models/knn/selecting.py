"""The best of many candidates by selection, not by a heap.

Candidates that reach the worst of the kept are noted; when the room for notes is full it is cut to the best, which
raises the bar for what comes. Most candidates so cost one comparison. For the cut every note becomes one key, no two
alike: the similarity in its high half and the item, turned round, in its low half, so that the larger key is the
better candidate and ties break by item index. Positive floats order as their bits do.
"""

from typing import Any

import numpy as np

from slatewright.core.kernels import kernel

LAST = 0x7FFFFFFF  # items are turned round below this: the lower item has the larger key
LEAST = np.float32(1e-37)  # what no similarity that counts is below
SPARE = 64  # room for notes beyond twice the wanted


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
