"""What each source costs a request, how much of the exact answer an index finds, and what the four stages cost.

A simulated shop of a hundred thousand items. Every figure is of one thread; the ways to find the nearest items take
turns of fifty requests. A bundle that lies in SHELF is used, otherwise one is made there.
Run: python bench/bench_sources.py [ITEMS] [USERS] [SHELF]
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import harness
import numpy as np

from slatewright.data.dataset import dataset_of
from slatewright.models import ALS, AssociationRules, ItemKNN, SegmentPopularity
from slatewright.models.nearest import PRECISIONS
from slatewright.pipeline import (
    MMR,
    BoughtTogetherSource,
    EditorialSource,
    ItemToItemSource,
    ModelScore,
    ModelSource,
    NearestSource,
    Pipeline,
    PopularSource,
    Query,
    RecentSource,
    Recipe,
    Request,
    SameFactsSource,
    SegmentPopularSource,
    TopK,
    TrendingSource,
)
from slatewright.pipeline.learning import learn
from slatewright.pipeline.packing import pack, unpack
from slatewright.pipeline.running import run
from slatewright.simulate.shop import Simulation, simulate
from slatewright.store.bundle import read_bundle, write_bundle
from slatewright.store.card import Card

LIMIT, K, REQUESTS = 300, 20, 600
TURN, WARM = 50, 10  # requests until another way has its turn, and how many of them warm up
EXACT = ModelSource("taste", limit=LIMIT)
NEAREST = {name: NearestSource("taste", limit=LIMIT, precision=name) for name in PRECISIONS}
OTHERS = (
    ItemToItemSource("together", last=10, limit=30),
    BoughtTogetherSource("rules", name="bought together by rules"),
    BoughtTogetherSource("together", name="bought together by pairs"),
    SegmentPopularSource("segments"),
    SameFactsSource(),
    TrendingSource(),
    RecentSource(),
    PopularSource(),
    EditorialSource(("i000001", "i000002")),
)
RECIPE = Recipe(
    estimators={
        "taste": ALS(embedding_dim=64, unobserved_weight=0.1, epochs=10, half_life_days=90),
        "together": ItemKNN(half_life_days=90, history_half_life_days=90),
        "rules": AssociationRules(min_support=1e-5),
        "segments": SegmentPopularity(n_segments=8),
    },
    sources=(EXACT, *NEAREST.values(), *OTHERS),
)
PATH = replace(
    RECIPE,
    sources=(NEAREST["int8"], *OTHERS),
    score=ModelScore("taste"),
    orders=(TopK(), MMR(model="taste", depth=500)),
    candidates=500,
)


def main(items: int = 100_000, n_users: int = 20_000, shelf: Path | None = None) -> None:
    pipeline = opened(items, n_users, shelf or Path(tempfile.mkdtemp(prefix="bench-sources-")))
    world = pipeline.world
    held = [world.catalogue.items.name(at) for at in (11, 23)]  # every user has two items in hand: a fresh history
    users = world.known.users.names.to_list()[:REQUESTS]
    queries = [pipeline.query(Request(K, world.as_of, name, items=held)) for name in users]
    harness.record(
        "sources",
        {
            "what": f"{LIMIT} of {items:,} items by inner product of 64 numbers, {len(queries)} users; simulated shop",
            "nearest": nearest(pipeline, queries),
            "built": {name: index.told() for name, index in world.indexes.items()},
        },
    )
    harness.record(
        "sources",
        {
            "what": f"one request by each source, microseconds at the median; {items:,} items",
            "median_us": {source.name: microseconds(source.propose, queries)[0] for source in bound(pipeline, OTHERS)},
            "each": "the vector of the history is folded in within 'taste' alone",
        },
    )
    stages = Pipeline(PATH, world).stages
    median, late = microseconds(lambda query: run(stages, query), queries)
    harness.record(
        "sources",
        {
            "what": f"four stages: ten sources, 500 of {items:,} items scored by factors, MMR to {K}; microseconds",
            "median_us": median,
            "p99_us": late,
        },
    )


def opened(items: int, users: int, shelf: Path) -> Pipeline:
    """A pipeline from a bundle on disk, as a server has it."""
    there = sorted(one.name for one in shelf.iterdir()) if shelf.exists() else []
    version = there[0] if there else made(items, users, shelf)
    return Pipeline(RECIPE, unpack(read_bundle(shelf / version), RECIPE))


def made(items: int, users: int, shelf: Path) -> str:
    shop = simulate(Simulation(users=users, items=items, days=120))
    dataset = dataset_of(shop.events, item_facts=shop.items, user_facts=shop.users)
    world = learn(RECIPE, dataset)
    packed = pack(world, RECIPE)
    return write_bundle(shelf, Card(dataset.as_of, "", "", "", packed.models, {}), packed.arrays, packed.tables)


def bound(pipeline: Pipeline, sources: Any) -> list[Any]:
    return [source.bind(pipeline.world) for source in sources]


def nearest(pipeline: Pipeline, queries: list[Query]) -> dict[str, dict[str, float]]:
    """Cost of each way to the nearest items, fold-in included, and the share of the exact answer that it finds."""
    ways = dict(zip(("exact", *NEAREST), bound(pipeline, (EXACT, *NEAREST.values())), strict=True))
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    shares: dict[str, list[float]] = {name: [] for name in ways}
    for start in range(0, len(queries), TURN):
        found = {name: turn(source, queries[start : start + TURN], seconds[name]) for name, source in ways.items()}
        for name, given in found.items():
            pairs = zip(given, found["exact"], strict=True)
            shares[name] += [len(np.intersect1d(some, exact)) / len(exact) for some, exact in pairs]
    exact = float(np.median(seconds["exact"]))
    return {
        name: {
            "median_us": round(1e6 * float(np.median(spent)), 1),
            "p99_us": round(1e6 * float(np.quantile(spent, 0.99)), 1),
            "of_exact": round(float(np.median(spent)) / exact, 3),
            "recall": round(float(np.mean(shares[name])), 4),
        }
        for name, spent in seconds.items()
    }


def turn(source: Any, queries: list[Query], seconds: list[float]) -> list[Any]:
    """What a source proposes to some queries, and how long each took; the first of them warm up."""
    for query in queries[:WARM]:
        source.propose(fresh(query))
    proposed = []
    for query in queries:
        asked = fresh(query)
        start = time.perf_counter()
        items = source.propose(asked).items
        seconds.append(time.perf_counter() - start)
        proposed.append(items[:LIMIT])
    return proposed


def fresh(query: Query) -> Query:
    """The query of somebody of whom no model was asked yet."""
    return replace(query, scored={}, vectors={})


def microseconds(call: Callable[[Query], Any], queries: list[Query]) -> tuple[float, float]:
    """Median and 99th percentile of one call for each query."""
    for query in queries[:50]:
        call(fresh(query))
    runs = []
    for query in queries:
        asked = fresh(query)
        start = time.perf_counter()
        call(asked)
        runs.append(time.perf_counter() - start)
    return round(1e6 * float(np.median(runs)), 1), round(1e6 * float(np.quantile(runs, 0.99)), 1)


if __name__ == "__main__":
    items, users, shelf = (*sys.argv[1:4], None, None, None)[:3]
    main(int(items or 100_000), int(users or 20_000), None if shelf is None else Path(shelf))
