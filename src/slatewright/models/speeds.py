"""How fast this machine does each kind of work, measured in about a second."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.kernels import kernel
from slatewright.models.costs import FLOPS, GATHERS, SORTED, STEPS

Speeds = Mapping[str, float]  # units of work per second, for each of WORK_KINDS

_LEAST_RUNS, _LEAST_SECONDS = 5, 0.2  # of each kind of work
_REPEATS = 512  # of the small loops, dealt to the threads
_WIDTH = 64  # numbers in a row of factors
_TABLE = 1 << 20  # float32 numbers that gathers hit out of order: 4 MB, beyond the nearest caches


def measure_speeds(clock: Callable[[], float] = time.perf_counter) -> Speeds:
    """Units of each kind of work per second with all threads and nothing beside: the fastest of some short runs."""
    draw = np.random.default_rng(0)
    square = draw.random((1024, 1024), dtype=np.float32)
    rows = draw.random((4096, _WIDTH), dtype=np.float32)
    places = draw.integers(0, _TABLE, 1 << 16, dtype=np.int32)
    keys = draw.integers(0, 1 << 40, 1 << 20)
    tasks: Mapping[str, tuple[float, Callable[[], object]]] = {
        FLOPS: (2.0 * len(square) ** 3, lambda: square @ square),
        STEPS: (float(_REPEATS * rows.size), lambda: _dealt(_dots, rows)),
        GATHERS: (float(_REPEATS * len(places)), lambda: _dealt(_scatter, places)),
        SORTED: (float(len(keys)), lambda: np.sort(keys)),
    }
    return {kind: amount / _usual_seconds(task, clock) for kind, (amount, task) in tasks.items()}


def _usual_seconds(task: Callable[[], object], clock: Callable[[], float]) -> float:
    task()  # compilation and first touch do not count
    seconds: list[float] = []
    while len(seconds) < _LEAST_RUNS or sum(seconds) < _LEAST_SECONDS:
        start = clock()
        task()
        seconds.append(clock() - start)
    return max(min(seconds), 1e-9)  # other jobs hold runs up, and nothing makes them faster


def _dealt(loop: Callable[[Any, int], Any], over: Array) -> None:
    """The loop ``_REPEATS`` times, dealt to all threads."""
    in_chunks(lambda begin, end: loop(over, end - begin), equal_chunks(_REPEATS, over.size))


@kernel(fastmath=True)
def _dots(rows: Any, repeats: int) -> Any:
    total = np.float32(0)
    for repeat in range(repeats):
        for row in range(len(rows)):
            dot = np.float32(0)
            for at in range(rows.shape[1]):
                dot += rows[row, at] * rows[repeat, at]
            total += dot
    return total


@kernel(fastmath=True)
def _scatter(places: Any, repeats: int) -> Any:
    table = np.zeros(_TABLE, dtype=np.float32)
    for _ in range(repeats):
        for at in range(len(places)):
            table[places[at]] += np.float32(1)
    return table[0]
