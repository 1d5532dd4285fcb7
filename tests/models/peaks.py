"""How much memory a call takes at its peak, as Python and NumPy see it."""

import tracemalloc
from collections.abc import Callable


def peak_memory(call: Callable[[], object]) -> int:
    """The bytes at the peak of one `call`: the least of three, for whatever else runs in the process is counted too."""
    peaks = []
    for _ in range(3):
        tracemalloc.start()
        call()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return min(peaks)
