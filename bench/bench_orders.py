"""How long orders take: one slate of 20 from 500 candidates of a catalogue of 100,000, items as 64 numbers.

MMR beside the definition that works out all pairs with NumPy; constraints beside the same rules taken one place after
the other.

Run: python bench/bench_orders.py
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import harness
import numpy as np

from slatewright.core.kernels import single_threaded_blas
from slatewright.data.histories import Histories
from slatewright.pipeline import Calibrated, Candidates, Query
from slatewright.pipeline.likeness import ByVectors
from slatewright.pipeline.orders.calibrated import BoundCalibrated
from slatewright.pipeline.orders.conflicts import Task, arranged
from slatewright.pipeline.orders.constraints import BoundConstraints
from slatewright.pipeline.orders.dpp import BoundDPP
from slatewright.pipeline.orders.limits import Limit
from slatewright.pipeline.orders.mmr import BoundMMR
from slatewright.pipeline.orders.round_robin import BoundRoundRobin
from slatewright.pipeline.orders.worth import unit

ITEMS, DIMENSIONS, POOL, K, POOLS, ROUNDS = 100_000, 64, 500, 20, 200, 5
BAR_MS = 0.15  # MMR


def main() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(ITEMS, DIMENSIONS)).astype(np.float32)
    shelf, brand, price = rng.integers(0, 12, ITEMS), rng.integers(0, 200, ITEMS), rng.random(ITEMS)
    pools = [pool(rng) for _ in range(POOLS)]
    query = Query(K, 0, Histories.of([rng.integers(0, ITEMS, 40).astype(np.int32)]))
    limits = rules(brand, shelf, price, rng.random(ITEMS) < 0.03)
    shelves = np.arange(ITEMS + 1, dtype=np.int64), shelf.astype(np.int32)
    calls: dict[str, Callable[[Candidates], Any]] = {
        "mmr": lambda one: BoundMMR("", 0.8, POOL, ByVectors(vectors)).arrange(query, one),
        "mmr, all pairs": lambda one: by_all_pairs(vectors, one),
        "dpp": lambda one: BoundDPP("", 4.0, POOL, ByVectors(vectors, definite=True)).arrange(query, one),
        "calibrated": lambda one: BoundCalibrated("", Calibrated(), *shelves, 12, ()).arrange(query, one),
        "round robin": lambda one: BoundRoundRobin("", None).arrange(query, one),
        "constraints": lambda one: BoundConstraints("", limits, POOL).arrange(query, one),
    }
    with single_threaded_blas():  # a request has one core, and so has its rival
        figures = dict(zip(calls, milliseconds(list(calls.values()), pools), strict=True))
    impossible = (*limits, Limit("", matching(price > 2), least=3))
    figures["constraints, one of five impossible"] = milliseconds(
        [lambda one: BoundConstraints("", impossible, POOL).arrange(query, one)], pools
    )[0]
    proved = [conflict for one in pools[:20] for conflict in conflicts(impossible, one, query)]
    assert all(conflict.proved and conflict.group == (4,) for conflict in proved)
    harness.record(
        "orders",
        {
            "what": f"a slate of {K} from {POOL} candidates of {ITEMS:,} items as {DIMENSIONS} numbers",
            "median_ms": {name: round(median, 4) for name, (median, _) in figures.items()},
            "p99_ms": {name: round(late, 4) for name, (_, late) in figures.items()},
            "all_pairs_over_mmr": round(figures["mmr, all pairs"][0] / figures["mmr"][0], 1),
            "bar_mmr_ms": BAR_MS,
            "holds": figures["mmr"][0] <= BAR_MS,
        },
    )


def pool(rng: np.random.Generator) -> Candidates:
    items = rng.permutation(ITEMS)[:POOL].astype(np.int32)
    scores = np.sort(rng.random(POOL).astype(np.float32))[::-1].copy()
    return Candidates(items, scores, rng.integers(0, 4, POOL).astype(np.int32))


def rules(brand: Any, shelf: Any, price: Any, sponsored: Any) -> tuple[Limit, ...]:
    """At most 2 of a brand in any 6, at most 4 of a shelf, at least 3 under 20, one sponsored and not first."""
    return (
        Limit("", values(brand), window=6, most=2),
        Limit("", values(shelf), most=4),
        Limit("", matching(price < 0.2), least=3),
        Limit("", matching(sponsored), most=1, least=1, barred=True),
    )


def values(column: Any) -> Callable[[Query, Any], Any]:
    return lambda query, items: np.unique(column[items], return_inverse=True)[1].astype(np.int32)[:, None]


def matching(mask: Any) -> Callable[[Query, Any], Any]:
    return lambda query, items: np.where(mask[items], 0, -1).astype(np.int32)[:, None]


def conflicts(limits: Sequence[Limit], one: Candidates, query: Query) -> list[Any]:
    codes = [limit.codes(query, one.items) for limit in limits]
    return arranged(limits, Task(np.stack(codes), K))[1]


def by_all_pairs(vectors: Any, one: Candidates) -> Any:
    """The definition, with the likeness of all pairs of candidates."""
    some = vectors[one.items]
    some = some / np.linalg.norm(some, axis=1, keepdims=True)
    alike = np.float32(0.2) * np.clip(some @ some.T, 0, 1)
    worth, penalty, chosen = np.float32(0.8) * unit(one.scores), np.zeros(POOL, np.float32), []
    for _ in range(K):
        best = int(np.argmax(worth - penalty))
        chosen.append(best)
        worth[best] = -np.inf
        np.maximum(penalty, alike[best], out=penalty)
    return chosen


def milliseconds(calls: list[Callable[[Candidates], Any]], pools: list[Candidates]) -> list[tuple[float, float]]:
    """Median and 99th percentile of each call, taken in turn."""
    for call in calls:
        call(pools[0])
    runs: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for one in pools:
            for taken, call in zip(runs, calls, strict=True):
                start = time.perf_counter()
                call(one)
                taken.append(1000 * (time.perf_counter() - start))
    return [(float(np.median(taken)), float(np.quantile(taken, 0.99))) for taken in runs]


if __name__ == "__main__":
    main()
