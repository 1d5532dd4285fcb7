"""The latest events of histories, in rows of one length."""

import numpy as np

from slatewright.core.arrays import Array, Offsets


def latest(events: Array, begins: Offsets, ends: Offsets, window: int, nothing: int) -> Array:
    """The last ``window`` of ``events[begins[r]:ends[r]]``, items or weights, oldest first, (rows, window).

    Shorter ones stand at the end of their row, with ``nothing`` before them.
    """
    places = ends[:, None] + np.arange(-window, 0)
    there = places >= begins[:, None]
    filled = np.full(there.shape, nothing, dtype=events.dtype)
    filled[there] = events[places[there]]
    return filled
