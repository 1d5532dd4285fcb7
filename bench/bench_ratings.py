"""Rating models: RMSE on five published folds, and speed next to Surprise, cmfrec and LIBMF in the same run.

    .venv/bin/python bench/bench_ratings.py [--data ../shared/data] [--peer-python .venv-peers/ratings/bin/python]
    .venv/bin/python bench/bench_ratings.py --accuracy    # the folds alone, without peers
    .venv/bin/python bench/bench_ratings.py --search      # the search of the knobs, on validation parts

How to make the peers' environment is written in ``ratings_peers.py``. The bars: RMSE .912 / .847 (ML-100k u1-u5 / ML-1M
cv folds) for biased MF and .900 / .840 for the best model; at least 7 times the updates per second of Surprise's SVD at
100 factors; level with LIBMF and cmfrec in time to the same RMSE; ALS-WR level with cmfrec. Both sides use two threads
and take turns. Knobs were chosen on a tenth of the training part of fold 1, held out; the search repeats that.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from harness import record

from slatewright.core.arrays import Array, Frame
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.metrics.ratings import mae, rmse
from slatewright.models import ALSWR, BayesianMF, BiasedMF, SVDpp
from slatewright.models.ratings.blocks import Blocks
from slatewright.models.ratings.descent import Side, Steps, one_epoch
from slatewright.models.ratings.table import Ratings
from slatewright.models.shapes.rating_factors import RatingFactors

FOLDS = {"ml100k": "u_fold", "ml1m": "cv_fold"}
BARS = {"ml100k": {"BiasedMF": 0.912, "BayesianMF": 0.900}, "ml1m": {"BiasedMF": 0.847, "BayesianMF": 0.840}}
KNOBS: dict[str, tuple[Any, ...]] = {
    "ml100k": (
        BiasedMF(embedding_dim=64, reg=0.85, bias_reg=0.25, learning_rate=0.015, epochs=60),
        ALSWR(embedding_dim=64, reg=1.4, bias_reg=0.4, reg_exponent=0.5),
        SVDpp(),
        BayesianMF(),
    ),
    "ml1m": (
        BiasedMF(embedding_dim=128, reg=0.23, bias_reg=0.07, reg_exponent=0.75, learning_rate=0.03, epochs=30),
        ALSWR(embedding_dim=64, reg=1.4, bias_reg=0.4, reg_exponent=0.5),
        SVDpp(),
        BayesianMF(epochs=80),
    ),
}
# The peers' knobs are the best of a few on the same validation part, with the same number of factors as ours.
PEERS: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("libmf", {"k": 64, "lambda_p1": 0, "lambda_q1": 0, "lambda_p2": 0.05, "lambda_q2": 0.05, "eta": 0.05,
                 "nr_iters": n}) for n in (10, 20, 40)),
    *(("cmfrec", {"k": 64, "lambda_": 0.1, "scale_lam": True, "niter": n}) for n in (3, 6, 10)),
)  # fmt: skip
OURS: tuple[Any, ...] = (
    *(BiasedMF(embedding_dim=64, reg=0.23, bias_reg=0.07, reg_exponent=0.75, epochs=n) for n in (10, 15, 20, 30)),
    *(ALSWR(embedding_dim=64, reg=1.4, bias_reg=0.4, reg_exponent=0.5, epochs=n) for n in (3, 5, 8)),
)
SEARCHED: tuple[Any, ...] = (
    *(BiasedMF(reg=reg * scale, bias_reg=reg * scale / 3, reg_exponent=exponent, learning_rate=rate, epochs=epochs)
      for exponent, reg in ((1.0, 0.055), (0.75, 0.23), (0.5, 1.0)) for scale in (0.7, 0.85, 1.0, 1.3)
      for rate, epochs in ((0.03, 30), (0.015, 60))),
    *(ALSWR(reg=reg, bias_reg=reg / 4, reg_exponent=exponent)
      for exponent, reg in ((1.0, 0.07), (1.0, 0.1), (0.75, 0.4), (0.5, 1.0), (0.5, 1.4))),
    *(SVDpp(link_reg=link_reg) for link_reg in (5.0, 25.0, 50.0, 200.0)),
    *(BayesianMF(link_reg=link_reg) for link_reg in (None, 0.3, 1.0, 3.0)),
)  # fmt: skip


def table_of(data: Path, name: str) -> Frame:
    """Canonical events with their fold."""
    known = pl.read_parquet(data / name / "ratings.parquet")
    ids = [pl.col(a).cast(pl.String).alias(b) for a, b in (("user_id", "user_id"), ("movie_id", "item_id"))]
    return known.select(
        *ids,
        pl.col("rating").cast(pl.Float32).alias("value"),
        pl.lit("rating").alias("kind"),
        pl.col(FOLDS[name]).alias("fold"),
    )


def parts(table: Frame, fold: int, *, validation: bool) -> tuple[Dataset, Frame]:
    """Training data and the held-out rows: the fold itself, or a tenth of what is outside it."""
    if validation:
        table = table.filter(pl.col("fold") != fold)
        back = pl.Series(np.random.default_rng(1).random(table.height) < 0.1)
    else:
        back = table["fold"] == fold
    return dataset_of(table.filter(~back).drop("fold")), table.filter(back)


def judged(model: RatingFactors, asked: Frame) -> tuple[float, float]:
    """RMSE and MAE over all rows; users and items that training did not know get the training mean."""
    known, predicted = model.known, np.full(asked.height, model.scale[0], dtype=np.float32)
    (users, user_known), (items, item_known) = (
        known.users.locate(asked["user_id"]),
        known.items.locate(asked["item_id"]),
    )
    rows, columns = np.zeros((2, asked.height), dtype=np.int32)
    rows[user_known], columns[item_known] = users, items
    both = user_known & item_known
    predicted[both] = model.predict(known.histories, rows[both], columns[both])
    said = asked["value"].to_numpy()
    return rmse(predicted, said), mae(predicted, said)


def accuracy(data: Path, name: str) -> list[dict[str, Any]]:
    """Five folds of each estimator."""
    table, found = table_of(data, name), []
    for knobs in KNOBS[name]:
        errors, seconds = [], []
        for fold in range(1, 6):
            known, asked = parts(table, fold, validation=False)
            start = time.perf_counter()
            model = knobs.fit(known)
            seconds.append(time.perf_counter() - start)
            errors.append(judged(model, asked))
        kind = type(knobs).__name__
        found.append(
            {
                "data": name,
                "model": kind,
                "knobs": {key: value for key, value in asdict(knobs).items() if key != "rng"},
                "rmse": round(float(np.mean([one[0] for one in errors])), 4),
                "mae": round(float(np.mean([one[1] for one in errors])), 4),
                "rmse_of_folds": [round(one[0], 4) for one in errors],
                "median_fit_seconds": round(statistics.median(seconds), 2),
                "bar": BARS[name].get(kind),
            }
        )
        print(found[-1], flush=True)
    return found


def searched(data: Path, name: str) -> list[dict[str, Any]]:
    """RMSE of every candidate on a tenth of the training part of fold 1."""
    known, asked = parts(table_of(data, name), 1, validation=True)
    found = []
    for knobs in SEARCHED:
        entry = {"data": name, "knobs": repr(knobs), "rmse": round(judged(knobs.fit(known), asked)[0], 4)}
        found.append(entry)
        print(entry, flush=True)
    return found


def updates(ratings: Ratings, dim: int, epochs: int) -> float:
    """Seconds of an epoch of gradient descent."""
    rng = np.random.default_rng(0)
    blocks = Blocks.of(ratings, rng)
    users, items = Side.drawn(ratings.n_users, dim, 0.01, rng), Side.drawn(ratings.n_items, dim, 0.01, rng)
    pulls = [np.full(n, 0.02, dtype=np.float32) for n in (ratings.n_users, ratings.n_items)]
    with blocks.threads() as sweep:
        start = time.perf_counter()
        for _ in range(epochs):
            one_epoch(blocks, users, items, Steps(0.01, 1.0, *pulls), sweep)
        return (time.perf_counter() - start) / epochs


def peer(python: Path, library: str, path: Path, knobs: dict[str, Any], threads: int) -> dict[str, Any]:
    """One fit of a peer in its own environment."""
    script = Path(__file__).with_name("ratings_peers.py")
    command = [str(python), str(script), library, str(path), json.dumps(knobs), str(threads)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def pairs(known: Dataset, asked: Frame) -> dict[str, Array]:
    """The same ratings for the peers: user, item, rating."""
    table = known.interactions
    users, user_known = known.users.locate(asked["user_id"])
    items, item_known = known.items.locate(asked["item_id"])
    rows, columns = np.zeros((2, asked.height), dtype=np.int64)
    rows[user_known], columns[item_known] = users, items
    both = user_known & item_known
    test = np.stack([rows, columns, asked["value"].to_numpy()], axis=1)[both]
    return {
        "train": np.stack([table.user, table.item, table.value], axis=1).astype(np.float32),
        "test": test.astype(np.float32),
    }


def speed(data: Path, python: Path, turns: int, threads: int) -> dict[str, Any]:
    """Updates per second, and seconds and RMSE of every setting, ours and theirs in turns; medians."""
    known, asked = parts(table_of(data, "ml1m"), 1, validation=True)
    ratings = Ratings.of(known)
    updates(ratings, 100, 1)
    for knobs in OURS[:1] + OURS[-1:]:
        judged(knobs.fit(known), asked)  # compilation
    epochs: list[tuple[float, float]] = []
    curves: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ratings.npz"
        np.savez(path, **pairs(known, asked))  # type: ignore[arg-type, unused-ignore]
        for _ in range(turns):
            theirs = peer(python, "surprise", path, {"n_factors": 100, "n_epochs": 2}, threads)["seconds"] / 2
            epochs.append((updates(ratings, 100, 10), theirs))
            for library, settings in PEERS:
                one = peer(python, library, path, settings, threads)
                curves.setdefault(f"{library} {settings}", []).append((one["seconds"], one["rmse"]))
            for knobs in OURS:
                start = time.perf_counter()
                model = knobs.fit(known)
                curves.setdefault(repr(knobs), []).append((time.perf_counter() - start, judged(model, asked)[0]))
    mine, other = (statistics.median(one[side] for one in epochs) for side in (0, 1))
    return {
        "updates_per_second": round(len(ratings) / mine),
        "surprise_updates_per_second": round(len(ratings) / other),
        "ratio": round(other / mine, 2),
        "bar": 7,
        "time_to_rmse": [
            {"what": what, "seconds": round(statistics.median(one[0] for one in runs), 3), "rmse": round(runs[0][1], 4)}
            for what, runs in curves.items()
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--peer-python", type=Path, default=os.environ.get("SLATEWRIGHT_PEERS"))
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--accuracy", action="store_true", help="the folds alone")
    parser.add_argument("--speed", action="store_true", help="the peers alone")
    parser.add_argument("--search", action="store_true", help="the search of the knobs alone")
    parser.add_argument("--only", choices=FOLDS, help="one of the data sets")
    arguments = parser.parse_args()
    names = [arguments.only] if arguments.only else list(FOLDS)
    if arguments.search:
        record("ratings_search", {"found": [row for name in names for row in searched(arguments.data, name)]})
        return
    entry: dict[str, Any] = {}
    if arguments.peer_python and not arguments.accuracy:
        entry["speed"] = speed(arguments.data, arguments.peer_python, arguments.turns, arguments.threads)
    if not arguments.speed:
        entry["accuracy"] = [row for name in names for row in accuracy(arguments.data, name)]
    record("ratings", entry)


if __name__ == "__main__":
    main()
