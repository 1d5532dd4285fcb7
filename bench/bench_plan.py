"""What `slatewright plan` predicts beside what happens: peak memory and time of every estimator of the house.

    python bench/bench_plan.py [--only ALS EASE] [--sets small gowalla]
    python bench/bench_plan.py --table    # what was recorded beside what is told today, nothing measured

Every fit runs in a process of its own, after fits of two tiny data sets that load its kernels. Neural ones do without,
for what their engine takes is told as well; they make one pass, and their time, mostly compiling, is not compared. What
is kept is what was measured, with the size of the data and the speeds of the machine;
`tests/pipeline/test_planned.py` holds the costs that estimators tell today against it, so a new estimator has to be
measured, and a changed cost has to be right. Bars: memory within 30 %, time within a factor of two; below 32 MB and 1 s
a relative error says nothing, so both sides count as that much at least.
"""

import argparse
import ctypes
import gc
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from harness import RESULTS, measured, peak_bytes, record, resident_bytes
from plan_sets import SETS

from slatewright.data.dataset import Dataset
from slatewright.models import ALS, Balanced, ItemKNN, Popularity, StackedBlend, SwitchingBlend, WeightedBlend
from slatewright.models.costs import Size
from slatewright.models.model import Estimator
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.speeds import measure_speeds
from slatewright.pipeline.planning import cost_of, house

CLEAR_REFS = Path("/proc/self/clear_refs")
POLARS_MEMORY = "_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0"  # give back at once what is freed
BARS = {"memory": 0.3, "time": 2.0, "least_memory": 32e6, "least_seconds": 1.0}
USUAL = ("small", "large", "gowalla", "ml1m")
RATINGS = ("small", "large", "ml1m")
FACTS = ("small", "large", "ml1m", "online_retail")
SETS_OF: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("ALSWR", "BiasedMF", "RatingKNN", "SVDpp", "TruncatedSVD"), RATINGS),
    **dict.fromkeys(("Content", "FactFactors", "FactMapped"), FACTS),
    **dict.fromkeys(("MLP", "NeuMF"), ("small", "many ids")),
    "ContentNetwork": ("many ids", "online_retail"),
    "DeepCross": ("tiny", "some ids", "many ids"),
    "DMF": ("tiny", "some ids"),  # 500,000 pairs would take minutes
    "GMF": ("small", "many ids", "gowalla"),
    "MF": ("gowalla",),
    "TwoTower": ("some ids", "many ids"),
    "SASRec": ("small",),
    "WideAndDeep": ("many ids",),
    "AssociationRules": ("many orders", "groceries", "online_retail", "ml1m"),
    "BayesianMF": ("small", "ml1m"),
    "EASE": RATINGS,  # the 41,000 items of Gowalla would take minutes
    "BuyItAgain": ("orders", "many orders", "online_retail"),
    "Conversion": ("orders", "many orders", "taobao"),
    "SLIM": ("small", "middle", "gowalla", "ml1m"),
}


def contenders() -> dict[str, Estimator]:
    """Every estimator of the house with its default knobs, neural ones for one pass, and those made of others."""
    parts = (ALS(), ItemKNN())
    blends: tuple[Estimator, ...] = (
        Balanced(ALS()),
        WeightedBlend(parts),
        StackedBlend(parts),
        SwitchingBlend((Popularity(), *parts), (1, 5)),
    )
    singles = (replace(one, epochs=1) if isinstance(one, NeuralKnobs) else one for one in house())
    return {type(one).__name__: one for one in (*singles, *blends)}


def fitted(name: str, data: str) -> dict[str, Any]:
    """Fit one estimator: bytes and seconds, the size of the data, the speeds of the machine."""
    estimator = contenders()[name]
    for tiny in () if isinstance(estimator, NeuralKnobs) else ("tiny", "tiny orders"):
        estimator.fit(SETS[tiny]())
    dataset = SETS[data]()
    size, before_fit = Size.of(dataset), measure_speeds()
    memory, seconds, kept = _taken(estimator, dataset)
    after_fit = measure_speeds()
    speeds = {kind: (before_fit[kind] * after_fit[kind]) ** 0.5 for kind in before_fit}  # a machine has its moods
    return {"memory": memory, "seconds": seconds, "model": kept, "size": asdict(size), "speeds": speeds}


def told_and_taken(names: Sequence[str], data: str) -> dict[str, tuple[float, float]]:
    """Bytes at the peak of a fit, told before and measured, of several estimators in this process."""
    dataset, found = SETS[data](), {}
    for name in names:
        estimator = contenders()[name]
        estimator.fit(SETS["tiny"]())
        cost = cost_of(estimator, Size.of(dataset))
        assert cost is not None
        found[name] = cost.memory, _taken(estimator, dataset)[0]
    return found


def _taken(estimator: Estimator, dataset: Dataset) -> tuple[float, float, float]:
    """Bytes at the peak of a fit, its seconds, and bytes of the model."""
    _give_back()
    before = resident_bytes()
    CLEAR_REFS.write_text("5")  # the peak starts anew
    start = time.perf_counter()
    model = estimator.fit(dataset)
    seconds = time.perf_counter() - start
    return peak_bytes() - before, seconds, float(sum(array.nbytes for array in model.arrays().values()))


def _give_back() -> None:
    """Return what was freed to the system: memory that a fit found lying about would not show as its own."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)


def ratios(row: dict[str, Any]) -> tuple[float, float]:
    """Planned over measured, memory and time, neither side below what the bars count from."""
    cost = cost_of(contenders()[row["estimator"]], Size(**row["size"]))
    assert cost is not None
    seconds = sum(amount / row["speeds"][kind] for kind, amount in cost.work.items())
    return (
        max(cost.memory, BARS["least_memory"]) / max(row["memory"], BARS["least_memory"]),
        max(seconds, BARS["least_seconds"]) / max(row["seconds"], BARS["least_seconds"]),
    )


def compared(name: str, data: str) -> dict[str, Any]:
    """One estimator on one data set; prints the ratios."""
    row: dict[str, Any] = {"estimator": name, "data": data, **measured(fitted, name=name, data=data).result}
    memory, seconds = ratios(row)
    print(
        f"{name:16} {data:14} {row['memory'] / 1e6:9.1f} MB {row['seconds']:8.2f} s   "
        f"planned: memory x{memory:.2f}, time x{seconds:.2f}",
        flush=True,
    )
    return row


def recorded(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The rows, each size told once, figures to three digits."""
    sizes = {row["data"]: row["size"] for row in rows}
    fits = [
        {
            "estimator": row["estimator"],
            "data": row["data"],
            "memory": round(row["memory"]),
            "seconds": round(row["seconds"], 3),
            "model": round(row["model"]),
            "speeds": {kind: float(f"{speed:.3g}") for kind, speed in row["speeds"].items()},
        }
        for row in rows
    ]
    return {"bars": BARS, "sizes": sizes, "fits": fits}


def latest(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of everything recorded, the newest fit of each estimator and data set, as ``compared`` gave it."""
    rows = {
        (fit["estimator"], fit["data"]): {**fit, "size": _as_counted(entry["sizes"][fit["data"]])}
        for entry in entries
        for fit in entry["fits"]
    }
    return [rows[key] for key in sorted(rows)]


def _as_counted(size: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(count) if isinstance(count, list) else count for name, count in size.items()}


def outside(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str, str], float]:
    """The ratios outside the bars, by estimator, data set and ``memory`` or ``time``."""
    found = {}
    for row in rows:
        memory, seconds = ratios(row)
        if abs(memory - 1) > BARS["memory"]:
            found[row["estimator"], row["data"], "memory"] = round(memory, 2)
        timed = not isinstance(contenders()[row["estimator"]], NeuralKnobs)
        if timed and not 1 / BARS["time"] <= seconds <= BARS["time"]:
            found[row["estimator"], row["data"], "time"] = round(seconds, 2)
    return found


def pairs() -> list[tuple[str, str]]:
    """Every estimator with each of its data sets."""
    return [(name, data) for name in sorted(contenders()) for data in SETS_OF.get(name, USUAL)]


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Markdown: an estimator a line, its ratios of memory and time by data set."""
    lines = ["| estimator | told over measured: memory, time |", "|---|---|"]
    for name in sorted({row["estimator"] for row in rows}):
        told = ["{data} {0:.2f}, {1:.2f}".format(*ratios(row), **row) for row in rows if row["estimator"] == name]
        lines.append(f"| {name} | {'; '.join(told)} |")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", nargs="*", default=sorted(contenders()))
    options.add_argument("--sets", nargs="*", default=sorted(SETS))
    options.add_argument("--table", action="store_true")
    chosen = options.parse_args()
    if chosen.table:
        print(table(latest(json.loads((RESULTS / "plan.json").read_text()))))
        return
    os.environ.setdefault(*POLARS_MEMORY)
    wanted = [(name, data) for name, data in pairs() if name in chosen.only and data in chosen.sets]
    record("plan", recorded([compared(name, data) for name, data in wanted]))


if __name__ == "__main__":
    main()
