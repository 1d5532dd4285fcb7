"""How long one history of 100 events takes to become a vector, on one core: by ONNX Runtime and by the engine.

Bar: ONNX Runtime answers the encoders of SASRec and of two towers within 5 ms at the 99th percentile. Weights are
drawn, hardly learned, which takes as long to multiply.
"""

import os
import time
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from harness import record

from slatewright.core.arrays import Array, Frame
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import SASRec, TwoTower
from slatewright.models.neural.export.serving import with_graph

ITEMS, LENGTH, CALLS, BAR_MS = 3_700, 100, 1_000, 5.0
WARM = 50


def main() -> None:
    """Both encoders, both ways in turn."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    items, users = np.arange(ITEMS), np.zeros(ITEMS, dtype=int)
    facts = pl.DataFrame({"item_id": [f"i{at}" for at in items], "category": [f"c{at % 40}" for at in items]})
    dataset = dataset_of(_events(items, users), item_facts=facts)
    models: dict[str, Any] = {
        "sasrec": SASRec(embedding_dim=64, n_blocks=2, longest_history=LENGTH, epochs=1).fit(dataset),
        "two towers": TwoTower(embedding_dim=64, longest_history=LENGTH, epochs=1).fit(dataset),
    }
    record("encoders", {"history": LENGTH, "items": ITEMS, "bar_p99_ms": BAR_MS, "calls": CALLS} | {
        name: both(model) for name, model in models.items()
    })  # fmt: skip


def _events(items: Array, users: Array) -> Frame:
    return pl.DataFrame({"user_id": users.astype(str), "item_id": [f"i{at}" for at in items], "time": items})


def both(model: Any) -> dict[str, float]:
    """Median and 99th percentile of one history, in ms, by the graph and by the engine."""
    graph: Any = with_graph(model)
    assert graph is not model, "the extras torch and onnx are needed"
    ways, rng = {"graph": graph, "engine": replace(model)}, np.random.default_rng(0)
    asked = [Histories.of([rng.integers(0, ITEMS, LENGTH).astype(np.int32)]) for _ in range(CALLS)]
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for at, history in enumerate([*asked[:WARM], *asked]):
        for name, one in ways.items():
            start = time.perf_counter()
            one.user_factors(history)
            if at >= WARM:
                spent[name].append(1e3 * (time.perf_counter() - start))
    said = {
        f"{name}_{label}_ms": round(float(np.quantile(times, share)), 3)
        for name, times in spent.items()
        for label, share in (("median", 0.5), ("p99", 0.99))
    }
    difference = max(float(np.abs(graph.user_factors(one) - model.user_factors(one)).max()) for one in asked[:20])
    return said | {"difference": difference, "met": said["graph_p99_ms"] < BAR_MS}


if __name__ == "__main__":
    main()
