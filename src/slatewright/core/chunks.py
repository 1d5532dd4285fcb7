"""Rows in chunks of equal work, dealt to a few threads as they become free.

Kernels are serial and release the interpreter lock, so plain threads run them side by side. Next to
Numba's own ``parallel`` this deals the chunks dynamically (a long row delays nobody), may be entered from any number of
threads at once, and leaves no threads spinning that would fight with those of BLAS.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numba
import numpy as np

from slatewright.core.arrays import Array, Offsets

CHUNKS_PER_THREAD = 8
LEAST_WORK = 1 << 14  # below this a second thread costs more than it brings

T = TypeVar("T")


def chunks_of(work: Array) -> Offsets:
    """Row bounds int64 (chunks + 1,) that cut rows into chunks of about equal work.

    ``work`` (n + 1,) is the work of all rows before each row, starting at 0 and never falling.
    """
    n, total = len(work) - 1, work[-1]
    if n <= 1 or total < LEAST_WORK or numba.get_num_threads() == 1:
        return np.array([0, n], dtype=np.int64)
    steps = np.linspace(0, total, CHUNKS_PER_THREAD * numba.get_num_threads() + 1)[1:-1]
    return np.unique(np.concatenate([[0], np.searchsorted(work, steps), [n]])).astype(np.int64)


def equal_chunks(n: int, work_per_row: int) -> Offsets:
    """Row bounds for n rows that all take the same work."""
    return chunks_of(np.arange(n + 1) * work_per_row)


def in_chunks(task: Callable[[int, int], T], bounds: Offsets) -> list[T]:
    """``task(begin, end)`` of every chunk, the results in the order of the rows."""
    begins, ends = bounds[:-1].tolist(), bounds[1:].tolist()
    if len(begins) == 1:
        return [task(begins[0], ends[0])]
    with ThreadPoolExecutor(numba.get_num_threads()) as threads:
        return list(threads.map(task, begins, ends))
