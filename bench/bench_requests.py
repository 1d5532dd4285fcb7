"""One request: how long a fitted model takes to score every item for one history of 50 events, and to pick ten.

    .venv/bin/python bench/bench_requests.py [--data ../shared/data]

On ML-1M (3,706 items), each model asked by one thread, one history at a time, for 200 people in turn; the median and
the 95th percentile in milliseconds. How long a model was fitted does not change what an answer costs, so the fits are
short: BayesianMF keeps its 32 sets from two draws, repeated.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from bench_ratings import table_of
from harness import record

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models import ALS, EASE, BayesianMF, BiasedMF, Estimator, ItemKNN, Known, Model, SVDpp, UserKNN
from slatewright.models.ratings.bayesian_mf import kept_sets
from slatewright.models.ratings.table import Ratings
from slatewright.models.topk import top_k

LENGTH, REQUESTS, WARMUPS, K = 50, 200, 20, 10
QUICK: tuple[Estimator, ...] = (
    ItemKNN(),
    UserKNN(),
    ALS(epochs=2),
    EASE(),
    BiasedMF(epochs=2),
    SVDpp(epochs=1),
)


def models(dataset: Dataset) -> Iterator[tuple[str, Model]]:
    """Each model by name, one at a time."""
    for estimator in QUICK:
        yield type(estimator).__name__, estimator.fit(dataset)
    ratings = Ratings.of(dataset)
    for n_sets in (8, 32):
        states = BayesianMF(epochs=2, n_sets=2).states(ratings)
        known = Known(dataset.users, dataset.items, dataset.histories())
        yield f"BayesianMF, {n_sets} sets", kept_sets(known, (states * n_sets)[:n_sets], ratings.scale)


def asked(histories: Histories) -> list[Histories]:
    """The last 50 events of people who have as many."""
    long = np.flatnonzero(histories.lengths() >= LENGTH)[: REQUESTS + WARMUPS].astype(np.int32)
    latest = [histories.one(int(user)) for user in long]
    return [one.only(np.arange(len(one.items)) >= len(one.items) - LENGTH) for one in latest]


def milliseconds(model: Model, requests: list[Histories]) -> dict[str, Any]:
    """What one request takes, after some that are not counted."""
    taken = []
    for request in requests:
        start = time.perf_counter()
        top_k(np.ascontiguousarray(model.score(request)), K)
        taken.append(1000 * (time.perf_counter() - start))
    p50, p95 = np.percentile(taken[WARMUPS:], [50, 95])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    dataset = dataset_of(table_of(parser.parse_args().data, "ml1m").drop("fold"))
    requests = asked(dataset.histories())
    found = {}
    for name, model in models(dataset):
        found[name] = milliseconds(model, requests)
        print(name, found[name], flush=True)
    record("requests", {"data": "ml1m", "history": LENGTH, "items": dataset.n_items, "milliseconds": found})


if __name__ == "__main__":
    main()
