"""The best 20 of all items for all users of Gowalla, seen items removed: next to the bare product, and to ``implicit``.

    .venv/bin/pip install -e '.[bench]'
    .venv/bin/python bench/bench_topk.py [--data ../shared/data]

The same factors (64 numbers) for all sides. The limit is the matrix product alone, in the blocks that are fastest for
it, its scores thrown away. The bars: within 1.4 times of that product, and 1.4 times faster than ``recommend`` of
implicit for all users at once. The sides take turns and medians are compared, so a busy machine bothers all alike. The
memory is the peak of a fresh process, imports and training included, for three values of ``block_bytes``.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from full_ranking import load
from harness import measured, record
from scipy import sparse
from threadpoolctl import threadpool_limits

from slatewright.core.arrays import Array, Scores
from slatewright.core.extras import require
from slatewright.models import ALS
from slatewright.models.factorisation.least_squares import Basis
from slatewright.models.tiles import top_products

DIM, K = 64, 20
BLOCKS = (256, 1024, 4096)  # rows of the bare product at a time


def factors(train: sparse.csr_matrix) -> tuple[Scores, Basis]:
    return ALS(embedding_dim=DIM, epochs=6).factorise(train)


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def bare(users: Scores, items: Scores, rows: int) -> None:
    scores = np.empty((rows, len(items)), dtype=np.float32)
    for start in range(0, len(users), rows):
        part = users[start : start + rows]
        np.matmul(part, items.T, out=scores[: len(part)])


def peer(users: Scores, items: Scores, train: sparse.csr_matrix) -> Callable[[], Any]:
    """The lists of implicit from these factors, run as it asks to be: its own threads, BLAS with one."""
    als = require("implicit.als", extra="bench", why="the comparison")
    everybody = np.arange(len(users))

    def lists() -> Any:
        with threadpool_limits(1, "blas"):
            model = als.AlternatingLeastSquares(factors=DIM, use_gpu=False)
            model.user_factors, model.item_factors = users, items
            return model.recommend(everybody, train, N=K)

    return lists


def turns(train: sparse.csr_matrix, n: int) -> dict[str, Any]:
    users, basis = factors(train)
    items = basis.factors
    hidden = train.indptr.astype(np.int64), train.indices.astype(np.int32)
    other = peer(users, items, train)
    sides: Mapping[str, Callable[[], object]] = {
        **{f"product_{rows}": partial(bare, users, items, rows) for rows in BLOCKS},
        "ours": lambda: top_products(users, items, K, hidden),
        "implicit": other,
    }
    check(top_products(users, items, K, hidden)[0], other()[0])
    runs: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(n):
        for name, call in sides.items():
            runs[name].append(seconds(call))
    median = {name: round(statistics.median(times), 3) for name, times in runs.items()}
    product = min(median[f"product_{rows}"] for rows in BLOCKS)
    return {
        "median_seconds": median,
        "times_the_product": round(median["ours"] / product, 2),
        "bar_times_the_product": 1.4,
        "implicit_over_ours": round(median["implicit"] / median["ours"], 2),
        "bar_implicit_over_ours": 1.4,
    }


def check(ours: Array, theirs: Array) -> None:
    """Both sides list the same, but for ties in the last digit."""
    assert (ours == theirs).mean() > 0.999


def listing(data: str, block_bytes: int) -> int:
    """Lists for all users through the model, histories folded in; for the memory of the whole way."""
    dataset = load("gowalla", Path(data)).train
    model = ALS(embedding_dim=DIM, epochs=1).fit(dataset)
    return len(model.best(dataset.histories(), K, block_bytes=block_bytes).items)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    train = load("gowalla", arguments.data).train.matrix()
    found = turns(train, arguments.turns)
    peaks = {
        f"{block >> 20}_mb": measured(listing, data=str(arguments.data.resolve()), block_bytes=block).peak >> 20
        for block in (1 << 22, 1 << 26, 1 << 28)
    }
    record("topk", {"data": "gowalla", "dim": DIM, "k": K, "implicit": version("implicit"), **found, "peak_mb": peaks})


if __name__ == "__main__":
    main()
