"""The latest events of histories, in rows of one length."""

import numpy as np

from slatewright.core.arrays import Index, Offsets


def latest(items: Index, begins: Offsets, ends: Offsets, window: int, nothing: int) -> Index:
    """The last ``window`` of ``items[begins[r]:ends[r]]``, oldest first, int32 (rows, window).

    Shorter ones stand at the end of their row, with ``nothing`` before them.
    """
    places = ends[:, None] + np.arange(-window, 0)
    there = places >= begins[:, None]
    filled = np.full(there.shape, nothing, dtype=np.int32)
    filled[there] = items[places[there]]
    return filled
