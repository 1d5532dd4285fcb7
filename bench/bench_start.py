"""Compiled kernels are kept on disk: how long a first and a second process take until a training has started.

    python bench/bench_start.py [Popularity ALS ... train]

Each process gets an empty cache of its own first. "Started" means that the first fit of a small data set has ended, so
that every kernel of the estimator has been loaded or compiled. Bar: the second process within 2 seconds. ``train`` is
the whole command `slatewright train` on a shop of 300 people, the bundle written and checked, the interpreter included.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from harness import record

ESTIMATORS = ("Popularity", "ItemKNN", "ALS", "BPR", "EASE", "SLIM", "GraphFilter", "BiasedMF")
TRAIN = "train"
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


def found_shop(folder: Path) -> Path:
    """A small simulated shop with the recipe that ``slatewright init`` writes."""
    export, shop = folder / "export", folder / "shop"
    command("simulate", str(export), "--users", "300", "--items", "100")
    facts = ("--items", str(export / "items.csv"), "--users", str(export / "users.csv"))
    command("init", str(shop), "--events", str(export / "events.csv"), *facts)
    command("import", "--shop", str(shop))
    return shop


def command(*arguments: str, cache: str | None = None) -> float:
    """Wall seconds of a command of ours, in a process of its own."""
    environment = os.environ | ({} if cache is None else {"NUMBA_CACHE_DIR": cache})
    start = time.perf_counter()
    code = "from slatewright.cli.main import main; main()"
    subprocess.run([sys.executable, "-c", code, *arguments], env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def measure(start: Callable[[str], float]) -> dict[str, float]:
    """A first process, then the median of three others with the cache it left."""
    with tempfile.TemporaryDirectory() as cache:
        first = start(cache)
        second = statistics.median(start(cache) for _ in range(3))
    return {"first": round(first, 2), "second": round(second, 2)}


def train() -> dict[str, float]:
    """The same of the command ``slatewright train``."""
    with tempfile.TemporaryDirectory() as folder:
        shop = found_shop(Path(folder))
        return measure(lambda cache: command("train", "--shop", str(shop), cache=cache))


if __name__ == "__main__":
    asked = sys.argv[1:] or [*ESTIMATORS, TRAIN]
    found = {name: train() if name == TRAIN else measure(partial(seconds_to_start, name)) for name in asked}
    record("start", {"bar_second": BAR, "seconds": found})
