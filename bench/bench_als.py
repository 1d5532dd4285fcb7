"""ALS: speed next to ``implicit`` in the same run, quality on two published splits, and growth with the data.

    .venv/bin/pip install -e '.[bench]'
    .venv/bin/python bench/bench_als.py [--data ../shared/data]
    .venv/bin/python bench/bench_als.py --growth 100     # 1 to 100 million simulated interactions; takes about 3 GB

The bars: at least 2.5 times faster per iteration at d = 64, 128, 256; .180 / .149 Recall@20 / NDCG@20 on Gowalla; .731
/ .452 HR@10 / NDCG@10 in NCF's leave-one-out on ML-1M; time per interaction that does not grow with their number. Both
sides use every core; they take turns and the fastest iteration of each counts, so a busy machine bothers both alike.
The knobs were chosen on held-out parts of the training data (docs/log.md).
"""

import argparse
import statistics
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from full_ranking import evaluate, load
from harness import peak_bytes, record
from ncf_protocol import judged
from ncf_protocol import load as load_ncf
from scipy import sparse
from threadpoolctl import threadpool_limits

from slatewright.core.extras import require
from slatewright.models import ALS
from slatewright.models.factorisation.least_squares import Penalty, Rows
from slatewright.models.factorisation.sweeping import half_sweep

GOWALLA = ALS(embedding_dim=512, reg=0.08, reg_exponent=0.5, unobserved_weight=0.05, popularity_discount=0.4, epochs=12)
NCF = ALS(embedding_dim=192, reg=0.00875, reg_exponent=1, unobserved_weight=0.2308, popularity_discount=0.2, epochs=12)
DIMS = (64, 128, 256)
GROWTH_DIM = 16
EVENTS_PER_USER, ITEMS = 50, 50_000


def ours(train: sparse.csr_matrix, dim: int, epochs: int) -> list[float]:
    """Seconds of each iteration: both half sweeps."""
    penalty = Penalty(GOWALLA.reg, GOWALLA.reg_exponent, GOWALLA.unobserved_weight)
    user_rows, item_rows = Rows.of(train, penalty), Rows.of(train.T.tocsr(), penalty)
    draw = np.random.default_rng(0).standard_normal((train.shape[1], dim), dtype=np.float32)
    items, seconds = draw * np.float32(0.1 / dim**0.5), []
    users, gram = np.zeros((train.shape[0], dim), np.float32), items.T @ items
    with threadpool_limits(1, "blas"):
        for _ in range(epochs):
            start = time.perf_counter()
            gram = half_sweep(user_rows, items, gram, users)
            gram = half_sweep(item_rows, users, gram, items)
            seconds.append(time.perf_counter() - start)
    return seconds


def theirs(train: sparse.csr_matrix, dim: int, epochs: int) -> list[float]:
    """The same for implicit, as it asks to be run: its own threads, BLAS with one."""
    implicit = require("implicit.als", extra="bench", why="the comparison")
    seconds: list[float] = []
    with threadpool_limits(1, "blas"):
        model = implicit.AlternatingLeastSquares(factors=dim, iterations=epochs, use_gpu=False, random_state=0)
        model.fit(train, show_progress=False, callback=lambda _, elapsed, *__: seconds.append(elapsed))
    return seconds


def speed(train: sparse.csr_matrix, dim: int, turns: int, epochs: int) -> dict[str, Any]:
    """Both sides in turns; the first iteration of the first turn (compilation) is not counted."""
    ours(train, dim, 1)
    mine: list[float] = []
    other: list[float] = []
    for _ in range(turns):
        mine += ours(train, dim, epochs)
        other += theirs(train, dim, epochs)
    entry = {
        "dim": dim,
        "seconds_per_iteration": round(min(mine), 4),
        "implicit_seconds_per_iteration": round(min(other), 4),
        "median_seconds": round(statistics.median(mine), 4),
        "implicit_median_seconds": round(statistics.median(other), 4),
        "ratio": round(min(other) / min(mine), 2),
        "ratio_of_medians": round(statistics.median(other) / statistics.median(mine), 2),
        "bar": 2.5,
    }
    print(entry, flush=True)
    return entry


def quality(data: Path, knobs: ALS = GOWALLA) -> dict[str, Any]:
    """Recall@20 and NDCG@20 over all test users of Gowalla, every user folded in from the training pairs."""
    fold = load("gowalla", data)
    start = time.perf_counter()
    model = knobs.fit(fold.train)
    seconds = time.perf_counter() - start
    return {"knobs": repr(knobs), "fit_seconds": round(seconds, 2), **evaluate(model, fold), "bar": [0.180, 0.149]}


def ncf(data: Path, knobs: ALS = NCF) -> dict[str, Any]:
    """HR@10 and NDCG@10 among the sampled negatives of ML-1M."""
    task = load_ncf(data)
    start = time.perf_counter()
    model = knobs.fit(task.train)
    seconds = time.perf_counter() - start
    return {"knobs": repr(knobs), "fit_seconds": round(seconds, 2), **judged(model, task), "bar": [0.731, 0.452]}


def simulated(n: int) -> sparse.csr_matrix:
    """About n interactions: fifty per user, items by a power law, CSR float32 made in place."""
    rng, n_users = np.random.default_rng(0), n // EVENTS_PER_USER
    offsets = np.arange(n_users + 1, dtype=np.int32) * np.int32(EVENTS_PER_USER)
    items = np.empty(n_users * EVENTS_PER_USER, dtype=np.int32)
    for start in range(0, len(items), 1 << 22):
        part = items[start : start + (1 << 22)]
        part[:] = ITEMS * rng.random(len(part), dtype=np.float32) ** 3
    matrix = sparse.csr_matrix((np.ones(len(items), np.float32), items, offsets), shape=(n_users, ITEMS))
    matrix.sum_duplicates()
    return matrix


def growth(most_millions: int) -> list[dict[str, Any]]:
    """Seconds of the fastest of two iterations, and per million interactions; the processor's own count, which a busy
    machine hardly changes, is of both iterations and of the making of both tables."""
    entries = []
    ours(simulated(1_000_000), GROWTH_DIM, 1)  # compilation
    for millions in (n for n in (1, 3, 10, 30, 100) if n <= most_millions):
        matrix = simulated(millions * 1_000_000)
        busy = time.process_time()
        seconds = ours(matrix, GROWTH_DIM, 2)
        busy = time.process_time() - busy
        entries.append(
            {
                "interactions": int(matrix.nnz),
                "dim": GROWTH_DIM,
                "seconds_per_iteration": round(min(seconds), 3),
                "seconds_per_million": round(min(seconds) / matrix.nnz * 1e6, 4),
                "cpu_seconds_per_million": round(busy / matrix.nnz * 1e6, 4),
                "peak_mb": peak_bytes() >> 20,
            }
        )
        print(entries[-1], flush=True)
    return entries


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--growth", type=int, metavar="MILLIONS", help="only show how time grows, up to so many")
    arguments = parser.parse_args()
    if arguments.growth:
        record("als_growth", {"growth": growth(arguments.growth)})
        return
    weighed, _ = GOWALLA.weighed(load("gowalla", arguments.data).train)
    speeds = [speed(weighed, dim, arguments.turns, 4) for dim in DIMS]
    qualities = {"gowalla": quality(arguments.data), "ncf": ncf(arguments.data)}
    record("als", {"implicit": version("implicit"), "speed": speeds, **qualities})


if __name__ == "__main__":
    main()
