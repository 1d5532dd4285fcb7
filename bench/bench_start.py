"""Compiled kernels are kept on disk: how long a first and a second process take until a training has started.

    python bench/bench_start.py

Each process gets an empty cache of its own first. "Started" means that the first fit of a small data set has ended, so
that every kernel of the estimator has been loaded or compiled. Bar: the second process within 2 seconds.
"""

import os
import statistics
import subprocess
import sys
import tempfile

from harness import record

ESTIMATORS = ("Popularity", "ItemKNN", "ALS", "BPR", "EASE", "SLIM", "GraphFilter", "BiasedMF")
BAR = 2.0
STARTING = """
import time
start = time.perf_counter()
from slatewright import models
from slatewright.data.dataset import dataset_of
from slatewright.testing.worlds import two_tastes
estimator = getattr(models, {name!r})()
estimator.fit(dataset_of(two_tastes()))
print(time.perf_counter() - start)
"""


def seconds_to_start(name: str, cache: str) -> float:
    """Wall seconds of a process from its first import to the end of its first small fit."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    code = STARTING.format(name=name)
    answer = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    return float(answer.stdout)


def measure(name: str) -> dict[str, float]:
    """A first process, then the median of three others with the cache it left."""
    with tempfile.TemporaryDirectory() as cache:
        first = seconds_to_start(name, cache)
        second = statistics.median(seconds_to_start(name, cache) for _ in range(3))
    return {"first": round(first, 2), "second": round(second, 2)}


if __name__ == "__main__":
    record("start", {"bar_second": BAR, "seconds": {name: measure(name) for name in ESTIMATORS}})
