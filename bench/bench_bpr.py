"""BPR on Gowalla: updates per second next to ``implicit`` in the same run, and quality on the published split.

    .venv/bin/pip install -e '.[bench]'
    .venv/bin/python bench/bench_bpr.py [--data ../shared/data] [--parts speed quality]

The bars: at least 3 times the updates per second of implicit's BPR at 64 and at 100 numbers per vector, and .163 / .138
Recall@20 / NDCG@20. An update is one event with one negative that the user has not taken (both sides check); the sides
take turns, every epoch counts, and the median decides. Quality is of the model as it answers: every user is folded in
from the history. The knobs were chosen on a fifth of the training pairs held out (docs/log.md).
"""

import argparse
import statistics
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from full_ranking import evaluate, load
from harness import record
from scipy import sparse
from threadpoolctl import threadpool_limits

from slatewright.core.extras import require
from slatewright.models import BPR

KNOBS = BPR(embedding_dim=256, learning_rate=0.1, reg=0.03, epochs=30, n_negatives=32)
DIMS = (64, 100)
PARTS = ("speed", "quality")


def ours(train: sparse.csr_matrix, dim: int, epochs: int) -> float:
    """Updates per second: events over the time of an epoch, set-up left out."""
    times = []
    for n in (1, 1 + epochs):
        start = time.perf_counter()
        BPR(embedding_dim=dim, epochs=n, n_negatives=1).factorise(train)
        times.append(time.perf_counter() - start)
    return float(epochs * train.nnz / (times[1] - times[0]))


def theirs(train: sparse.csr_matrix, dim: int, epochs: int) -> float:
    implicit = require("implicit.bpr", extra="bench", why="the comparison")
    times = []
    with threadpool_limits(1, "blas"):
        for n in (1, 1 + epochs):
            model = implicit.BayesianPersonalizedRanking(factors=dim, iterations=n, use_gpu=False, random_state=0)
            start = time.perf_counter()
            model.fit(train, show_progress=False)
            times.append(time.perf_counter() - start)
    return float(epochs * train.nnz / (times[1] - times[0]))


def speed(train: sparse.csr_matrix, dim: int, turns: int, epochs: int) -> dict[str, Any]:
    ours(train, dim, 1)  # compilation
    mine, other = [], []
    for _ in range(turns):
        mine.append(ours(train, dim, epochs))
        other.append(theirs(train, dim, epochs))
    entry = {
        "dim": dim,
        "million_updates_per_second": round(statistics.median(mine) / 1e6, 2),
        "implicit_million_updates_per_second": round(statistics.median(other) / 1e6, 2),
        "ratio": round(statistics.median(np.array(mine) / np.array(other)), 2),
        "bar": 3,
    }
    print(entry, flush=True)
    return entry


def quality(data: Path, knobs: BPR = KNOBS) -> dict[str, Any]:
    """Recall@20 and NDCG@20 over all test users of Gowalla."""
    fold = load("gowalla", data)
    start = time.perf_counter()
    model = knobs.fit(fold.train)
    seconds = time.perf_counter() - start
    found = {name: round(value, 4) for name, value in evaluate(model, fold).items()}
    return {"knobs": repr(knobs), "fit_seconds": round(seconds, 1), **found, "bar": [0.163, 0.138]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    arguments = parser.parse_args()
    found: dict[str, Any] = {"data": "gowalla"}
    if "speed" in arguments.parts:
        train = load("gowalla", arguments.data).train.matrix()
        speeds = [speed(train, dim, arguments.turns, arguments.epochs) for dim in DIMS]
        found |= {"implicit": version("implicit"), "speed": speeds}
    if "quality" in arguments.parts:
        found |= quality(arguments.data)
    record("bpr", found)


if __name__ == "__main__":
    main()
