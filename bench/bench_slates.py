"""How long one slate takes: the default recipe over a catalogue of ten thousand items, and a batch beside it.

Run: python bench/bench_slates.py [ITEMS] [USERS]
"""

import sys
import time

import harness
import numpy as np

from slatewright.data.dataset import dataset_of
from slatewright.pipeline import Pipeline, Recipe, Request
from slatewright.simulate.shop import Simulation, simulate

BAR_MS = 5.0
K = 20


def main(items: int = 10_000, users: int = 5_000) -> None:
    shop = simulate(Simulation(users=users, items=items, days=180))
    dataset = dataset_of(shop.events, item_facts=shop.items, user_facts=shop.users)
    pipeline = Pipeline.fit(Recipe.default(), dataset)
    names = dataset.users.names.to_list()[:500]
    category = pipeline.world.catalogue.category_names.name(0)
    held = [dataset.items.name(3), dataset.items.name(5)]
    kinds = {
        "a known user": [Request(K, dataset.as_of, name) for name in names],
        "a known user, one category": [Request(K, dataset.as_of, n, categories=frozenset({category})) for n in names],
        "a visitor with two items in hand": [Request(K, dataset.as_of, items=held)] * len(names),
        "a newcomer": [Request(K, dataset.as_of, "nobody")] * len(names),
    }
    figures = {kind: milliseconds(pipeline, requests) for kind, requests in kinds.items()}
    batch = harness.timed(lambda: pipeline.recommend(names, K), repeats=3)
    harness.record(
        "slates",
        {
            "what": f"slates of {K} from {items:,} items, {len(dataset.interactions):,} events, default recipe",
            "median_ms": {kind: median for kind, (median, _) in figures.items()},
            "p99_ms": {kind: late for kind, (_, late) in figures.items()},
            "batch_ms_per_user": round(1000 * batch.median / len(names), 3),
            "bar_median_ms": BAR_MS,
            "holds": max(median for median, _ in figures.values()) < BAR_MS,
        },
    )


def milliseconds(pipeline: Pipeline, requests: list[Request]) -> tuple[float, float]:
    """Median and 99th percentile of one answer."""
    for request in requests[:20]:
        pipeline.ask(request)
    runs = []
    for request in requests:
        start = time.perf_counter()
        pipeline.ask(request)
        runs.append(time.perf_counter() - start)
    return round(1000 * float(np.median(runs)), 3), round(1000 * float(np.quantile(runs, 0.99)), 3)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
