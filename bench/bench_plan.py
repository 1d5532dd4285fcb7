"""What `slatewright plan` predicts beside what happens: peak memory and time of every estimator of the house.

    python bench/bench_plan.py [--only ALS EASE] [--scale 1.0]

Every fit runs in a process of its own, after a fit of a tiny data set that loads its kernels. The events are ratings
drawn by long-tailed popularity and activity, the items have titles and categories. Bars: memory within 30 % (or 20 MB),
time within a factor of two (or .2 s).
"""

import argparse
import ctypes
import gc
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from harness import measured, peak_bytes, record, resident_bytes

from slatewright import models
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.models.costs import Size
from slatewright.models.speeds import measure_speeds
from slatewright.pipeline.planning import cost_of, house
from slatewright.testing.worlds import two_tastes

SIZES = {"small": (20_000, 4_000, 500_000), "large": (100_000, 12_000, 2_500_000)}  # users, items, events
WORDS = 2_000


def shop(n_users: int, n_items: int, n_events: int, *, rng: int = 0) -> Dataset:
    """Ratings with long tails on both sides, five words and a category per item."""
    draw = np.random.default_rng(rng)
    user = (n_users * draw.random(n_events) ** 2).astype(np.int64)
    item = (n_items * draw.random(n_events) ** 3).astype(np.int64)
    events = pl.DataFrame(
        {
            "user_id": user.astype(str),
            "item_id": item.astype(str),
            "value": draw.integers(1, 6, n_events).astype(np.float32),
            "time": draw.integers(0, 10**15, n_events),
        }
    )
    words = draw.integers(0, WORDS, (n_items, 5)).astype(str)
    facts = pl.DataFrame(
        {
            "item_id": np.arange(n_items).astype(str),
            "title": [" ".join("w" + word for word in row) for row in words],
            "category": ["c" + str(at % 40) for at in range(n_items)],
        }
    )
    return dataset_of(events.unique(["user_id", "item_id"], keep="first", maintain_order=True), item_facts=facts)


def fitted(name: str, users: int, items: int, events: int) -> dict[str, float]:
    """Fit one estimator; bytes and seconds, predicted and real."""
    estimator = getattr(models, name)()
    estimator.fit(dataset_of(two_tastes()))
    dataset = shop(users, items, events)
    speeds = measure_speeds()
    cost = cost_of(estimator, Size.of(dataset))
    _give_back()
    before = resident_bytes()
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    start = time.perf_counter()
    model = estimator.fit(dataset)
    seconds = time.perf_counter() - start
    found: dict[str, float] = {"memory": peak_bytes() - before, "seconds": seconds}
    found["model"] = float(sum(array.nbytes for array in model.arrays().values()))
    if cost is not None:
        found["memory_planned"] = cost.memory
        found["seconds_planned"] = sum(amount / speeds[kind] for kind, amount in cost.work.items())
    return found


def _give_back() -> None:
    """Return what was freed to the system: memory that a fit found lying about would not show as its own."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)


def compared(name: str, size: tuple[int, int, int]) -> dict[str, Any]:
    """One estimator at one size, with the ratios of plan to reality."""
    users, items, events = size
    found = measured(fitted, name=name, users=users, items=items, events=events).result
    if "memory_planned" in found:
        found["memory_ratio"] = round(found["memory_planned"] / max(found["memory"], 1), 2)
        found["time_ratio"] = round(found["seconds_planned"] / found["seconds"], 2)
    return {key: round(value, 3) for key, value in found.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", nargs="*", default=[type(one).__name__ for one in house()])
    options.add_argument("--sizes", nargs="*", default=list(SIZES), choices=list(SIZES))
    chosen = options.parse_args()
    rows = {}
    for name in chosen.only:
        rows[name] = {label: compared(name, SIZES[label]) for label in chosen.sizes}
        for label, row in rows[name].items():
            memory, seconds = row["memory"] / 1e6, row["seconds"]
            ratios = f"memory x{row.get('memory_ratio')}, time x{row.get('time_ratio')}"
            print(f"{name:20} {label:6} {memory:9.1f} MB {seconds:8.2f} s   plan: {ratios}", flush=True)
    record("plan", {"bars": {"memory": 0.3, "time": 2.0}, "sizes": SIZES, "estimators": rows})


if __name__ == "__main__":
    main()
