"""Nearest neighbours: the fit next to ``implicit`` in the same run, quality on Gowalla and on MovieLens ratings.

    .venv/bin/pip install -e '.[bench]'
    .venv/bin/python bench/bench_knn.py [--data ../shared/data] [--part speed|quality|ratings|crawler] [--test]

The bars: item neighbours at least 1.5 times faster than implicit's with as many neighbours, by cosine and by BM25, of
equal similarity (checked); Gowalla .157 / .121 Recall@20 / NDCG@20; five folds of ML-100k, RMSE .931 (Surprise's
KNNBaseline). Ours is the whole fit from the data set to the model; theirs the fit from the matrix, made before. Both
use all cores; sides take turns and medians count. Knobs were chosen on a fifth of the training pairs held out
(docs/log.md).

For Surprise in the same run, install it in an environment of its own and name its Python:

    python3 -m venv /tmp/surprise && /tmp/surprise/bin/pip install "numpy<2" pandas scikit-surprise
    .venv/bin/python bench/bench_knn.py --part ratings --peer-python .venv-peers/surprise/bin/python
"""

import argparse
import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from full_ranking import Fold, evaluate, load
from harness import record
from scipy import sparse

from slatewright.core.arrays import Array, Frame
from slatewright.core.extras import require
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.models import ItemKNN, RatingKNN, RP3beta, UserKNN
from slatewright.models.knn.evidence import taken, vectors_of
from slatewright.models.knn.neighbors import likeness_of, nearest

PLAIN: Any = {"activity_discount": 0.0, "asymmetry": 0.0, "shrinkage": 0.0, "longest_history": None}
BEST = (
    ItemKNN(n_neighbors=400, weighting="none", activity_discount=0.4, asymmetry=0.5, shrinkage=3.0),
    RP3beta(n_neighbors=400, step_exponent=0.7, popularity_discount=0.25),
    UserKNN(n_neighbors=200, popularity_discount=0.3, score_discount=0.2, shrinkage=1.0),
)
RATED = (RatingKNN(), RatingKNN(by="users"))
PEER = Path(__file__).with_name("surprise_peer.py")


def speed(fold: Fold, weighting: str, k: int, turns: int) -> dict[str, Any]:
    """Seconds of both sides, and whether they found neighbours of equal similarity."""
    peers = require("implicit.nearest_neighbours", extra="bench", why="the comparison")
    make = peers.BM25Recommender if weighting == "bm25" else peers.CosineRecommender
    knobs = ItemKNN(n_neighbors=k, weighting=weighting, **PLAIN)
    matrix = fold.train.matrix()
    knobs.fit(fold.train)  # compilation
    mine, other, model = [], [], None
    for _ in range(turns):
        start = time.perf_counter()
        knobs.fit(fold.train)
        mine.append(time.perf_counter() - start)
        model = make(K=k)
        start = time.perf_counter()
        model.fit(matrix, show_progress=False)
        other.append(time.perf_counter() - start)
    entry = {
        "weighting": weighting,
        "k": k,
        "seconds": round(statistics.median(mine), 3),
        "implicit_seconds": round(statistics.median(other), 3),
        "ratio": round(statistics.median(np.array(other) / np.array(mine)), 2),
        "bar": 1.5,
        "largest_difference": difference(fold.train, model, weighting, k),
    }
    print(entry, flush=True)
    return entry


def difference(dataset: Dataset, peer: Any, weighting: str, k: int) -> float:
    """By how much the k-th best similarity, and all better ones, differ at most: the lists themselves may break ties.

    implicit counts the item itself among its K, so one less is compared; its BM25 is not divided by lengths.
    """
    by_item = vectors_of(taken(dataset, None, None), weighting, 0.0)
    if weighting == "bm25":
        by_item = peer_weights(dataset)
    likeness = likeness_of(by_item, "cosine", 0.0)
    if weighting == "bm25":
        likeness = likeness._replace(lengths=np.ones_like(likeness.lengths))
    offsets, neighbors, numbers = nearest(by_item, k - 1, likeness)
    ours = descending(sparse.csr_matrix((numbers, neighbors, offsets), shape=(dataset.n_items,) * 2), k - 1)
    theirs = peer.similarity.tolil(copy=True)
    theirs.setdiag(0)
    found = descending(theirs.tocsr(), k - 1)
    return float(np.max(np.abs(ours - found) / np.maximum(found, 1e-6)))


def peer_weights(dataset: Dataset) -> sparse.csr_matrix:
    """The BM25 weights of implicit (K1 1.2, B .75 by its recommender's defaults), by item."""
    weights = require("implicit.nearest_neighbours", extra="bench", why="the comparison").bm25_weight
    return sparse.csr_matrix(weights(dataset.matrix().T, K1=1.2, B=0.75)).astype(np.float32)


def descending(matrix: sparse.csr_matrix, k: int) -> Array:
    """The k largest numbers of each row, largest first, float64 (rows, k); 0 where there are fewer."""
    out = np.zeros((matrix.shape[0], k))
    for row in range(matrix.shape[0]):
        best = np.sort(matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]])[::-1][:k]
        out[row, : len(best)] = best
    return out


def quality(fold: Fold) -> list[dict[str, Any]]:
    """Each model fitted and judged by full ranking."""
    entries = []
    for knobs in BEST:
        start = time.perf_counter()
        model = knobs.fit(fold.train)
        fitted = time.perf_counter()
        found = evaluate(model, fold)
        entries.append(
            {
                "knobs": repr(knobs),
                "fit_seconds": round(fitted - start, 2),
                "judge_seconds": round(time.perf_counter() - fitted, 1),
                "recall@20": found["recall@20"],
                "ndcg@20": found["ndcg@20"],
                "bar": [0.157, 0.121],
            }
        )
        print(entries[-1], flush=True)
    return entries


def rated(table: Frame, user: str, item: str, fold: str) -> list[tuple[Dataset, Frame]]:
    """Five data sets, and the ratings held out of each."""
    events = table.select(
        pl.col(user).cast(pl.String).alias("user_id"),
        pl.col(item).cast(pl.String).alias("item_id"),
        pl.lit("rating").alias("kind"),
        pl.col("rating").cast(pl.Float32).alias("value"),
        pl.col(fold).alias("fold"),
    )
    parts = [(events.filter(pl.col("fold") != one), events.filter(pl.col("fold") == one)) for one in range(1, 6)]
    items = events.select("item_id").unique(maintain_order=True).with_columns(known=True)
    return [(dataset_of(train.drop("fold"), item_facts=items), test) for train, test in parts]


def rmse(knobs: RatingKNN, folds: list[tuple[Dataset, Frame]]) -> dict[str, Any]:
    """Mean RMSE and MAE over the folds; of an item that nobody rated in training the user's level is predicted."""
    errors, fits, asks = [], [], []
    for dataset, test in folds:
        start = time.perf_counter()
        model = knobs.fit(dataset)
        fits.append(time.perf_counter() - start)
        users, known_user = dataset.users.locate(test["user_id"])
        items, known_item = dataset.items.locate(test["item_id"])
        rows, columns = np.zeros(test.height, np.int32), np.zeros(test.height, np.int32)
        rows[known_user], columns[known_item] = users, items
        both = known_user & known_item
        predicted = np.full(test.height, dataset.interactions.value.mean(), dtype=np.float64)
        start = time.perf_counter()
        predicted[both] = model.predict(dataset.histories(), rows[both], columns[both])
        asks.append(time.perf_counter() - start)
        error = test["value"].to_numpy() - predicted
        errors.append((float(np.sqrt(np.mean(error**2))), float(np.abs(error).mean())))
    (root, mean), seconds = np.mean(errors, axis=0), (statistics.median(fits), statistics.median(asks))
    return {
        "knobs": repr(knobs),
        "rmse": round(float(root), 4),
        "mae": round(float(mean), 4),
        "fit_seconds": round(seconds[0], 2),
        "predict_seconds": round(seconds[1], 2),
    }


def ratings(data: Path, peer: str | None) -> list[dict[str, Any]]:
    tables = {
        "ml100k": (pl.read_parquet(data / "ml100k" / "ratings.parquet"), "u_fold"),
        "ml1m": (pl.read_parquet(data / "ml1m" / "ratings.parquet"), "cv_fold"),
    }
    entries = []
    for name, (table, column) in tables.items():
        folds = rated(table, "user_id", "movie_id", column)
        for knobs in RATED:
            entries.append({"data": name, **rmse(knobs, folds)})
            print(entries[-1], flush=True)
        if peer and name == "ml100k":
            path = data / "ml100k" / "ratings.parquet"
            rows = pl.read_parquet(path).select("user_id", "movie_id", "rating", "u_fold").rows()
            answer = subprocess.run(
                [peer, str(PEER)], input=json.dumps(rows), check=True, stdout=subprocess.PIPE, text=True
            )
            entries += [{"data": name, "library": "surprise", **one} for one in json.loads(answer.stdout)]
            print(entries[-2:], flush=True)
    return entries


def crawler(fold: Fold, n_events: int = 40_000) -> dict[str, Any]:
    """Seconds of a fit with and without a robot that took every item there is, with and without a bound."""
    events = pl.DataFrame({"user": fold.train.interactions.user, "item": fold.train.interactions.item})
    robot = pl.DataFrame(
        {"user": np.full(n_events, fold.train.n_users, np.int32), "item": np.arange(n_events, dtype=np.int32)}
    )
    both = dataset_of(pl.concat([events, robot]).rename({"user": "user_id", "item": "item_id"}))

    def seconds(dataset: Dataset, longest: int | None) -> float:
        start = time.perf_counter()
        ItemKNN(longest_history=longest).fit(dataset)
        return round(time.perf_counter() - start, 2)

    call: Callable[[Dataset, int | None], float] = seconds
    return {
        "without": call(fold.train, 1000),
        "with_robot_bound_1000": call(both, 1000),
        "with_robot_bound_10000": call(both, 10_000),
        "with_robot_unbound": call(both, None),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--part", choices=("speed", "quality", "ratings", "crawler"), action="append")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--peer-python", default=os.environ.get("SLATEWRIGHT_PEERS"))
    arguments = parser.parse_args()
    parts = arguments.part or ["speed", "quality", "ratings", "crawler"]
    fold = load("gowalla", arguments.data)
    entry: dict[str, Any] = {"data": "gowalla"}
    if "speed" in parts:
        entry["implicit"] = version("implicit")
        entry["speed"] = [speed(fold, w, k, arguments.turns) for w in ("none", "bm25") for k in (20, 100)]
    if "quality" in parts:
        entry["quality"] = quality(fold)
    if "ratings" in parts:
        entry["ratings"] = ratings(arguments.data, arguments.peer_python)
    if "crawler" in parts:
        entry["crawler"] = crawler(fold)
    record("knn", entry)


if __name__ == "__main__":
    main()
