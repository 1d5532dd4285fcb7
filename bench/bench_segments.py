"""Segment popularity for people of whom little is known, on ML-1M: their facts alone, or their first few ratings.

    .venv/bin/python bench/bench_segments.py [--data ../shared/data] [--search]

A fifth of the users is kept out of training entirely. Each is asked for by facts alone (gender, age, occupation), or by
the first 1, 3 or 10 items they rated, and judged by the later half of their liked items (3 stars or more); every item
is ranked, those shown as history left out. Order in time is that of SASRec's sequences. Beside it stand popularity, and
what people with the same facts take (``SameFactsSource``). Knobs were chosen by ``--search`` on a tenth of the training
users. Intervals are bootstrap ones over users.
"""

import argparse
import os
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from harness import record

from slatewright.core.arrays import Array, Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.data.splits import ByUser, Fold
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.metrics.hits import hits
from slatewright.metrics.ranking import ndcg, recall
from slatewright.models import Estimator, Popularity, SegmentPopularity
from slatewright.models.recommending import best_items
from slatewright.pipeline.fact_popularity import FactPopularity

K = 20
FIRST = (0, 1, 3, 10)  # events that are known of a test user; 0: facts alone
CHOSEN = SegmentPopularity(n_segments=12, embedding_dim=8)
GRID = {"n_segments": (8, 12, 24, 48), "embedding_dim": (8, 16), "shrinkage": (100.0, 1000.0)}


def ml1m(folder: Path) -> Dataset:
    """Ratings in order of time, liked from 3 stars on, with the facts of users."""
    pairs = ["user_id", "movie_id"]
    order = pl.read_parquet(folder / "sasrec_sequences.parquet").select(*pairs, "pos")
    events = order.join(pl.read_parquet(folder / "ratings.parquet"), on=pairs).select(
        pl.col("user_id").cast(pl.String),
        pl.col("movie_id").cast(pl.String).alias("item_id"),
        pl.lit("rating").alias("kind"),
        pl.col("rating").cast(pl.Float32).alias("value"),
        pl.col("pos").cast(pl.Int64).alias("time") * MICROSECONDS_PER_DAY,
    )
    users = pl.read_parquet(folder / "users.parquet").with_columns(pl.col("user_id", "occupation").cast(pl.String))
    return dataset_of(events, positive_rating=3.0, user_facts=users.drop("zip"))


def asked(fold: Fold, facts: Frame, first: int) -> Histories:
    """What is known of each test user: the first few events, and facts."""
    whole = fold.test.histories
    place = np.arange(len(whole.items)) - np.repeat(whole.offsets[:-1], whole.lengths())
    known = whole.only(place < first)
    return Histories(known.offsets, known.items, known.weights, known.times, facts=facts)


def facts_of(fold: Fold, dataset: Dataset) -> Frame:
    index, _ = dataset.users.locate(fold.test.users)
    return dataset.user_facts[index]


def judged(fold: Fold, model: Any, histories: Histories) -> Array:
    """Recall and NDCG of each test user, float64 (n, 2)."""
    lists = best_items(model, histories, K, n_items=fold.train.n_items)
    seen = histories.matrix(fold.train.n_items)
    right = [np.setdiff1d(fold.test.relevant_of(at), seen[at].indices) for at in range(len(histories))]
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in right])]).astype(np.int64)
    found = hits(lists.items, lists.counts, offsets, np.concatenate(right).astype(np.int32))
    n_right = np.maximum(np.diff(offsets), 1)
    return np.stack([recall(found, n_right), ndcg(found, n_right)], axis=1)


class SameFacts:
    """What people with the same facts take, as ``SameFactsSource`` has it; popularity where nothing is known."""

    def __init__(self, train: Dataset) -> None:
        self.counted = FactPopularity.of(train)

    def score(self, histories: Histories, items: Any = None) -> Array:
        facts = [] if histories.facts is None else histories.facts.to_dicts()
        rows = [{name: str(value) for name, value in one.items() if value is not None} for one in facts]
        return np.stack([self.counted.score(one) for one in rows])


def table(fold: Fold, dataset: Dataset) -> Mapping[str, Any]:
    """Each contender for each question, and how far segments lead."""
    facts = facts_of(fold, dataset)
    models: Mapping[str, Estimator] = {"popularity": Popularity(), "segments": CHOSEN}
    fitted: dict[str, Any] = {name: one.fit(fold.train) for name, one in models.items()}
    fitted["same facts"] = SameFacts(fold.train)
    found = {}
    for first in FIRST:
        histories = asked(fold, facts, first)
        values = {name: judged(fold, model, histories) for name, model in fitted.items()}
        leads = {f"segments - {name}": values["segments"] - values[name] for name in ("popularity", "same facts")}
        means = Bootstrap().means(np.hstack([*values.values(), *leads.values()]))
        names = [*values, *leads]
        found[f"first {first}" if first else "facts alone"] = {
            name: _named(means[2 * at : 2 * at + 2]) for at, name in enumerate(names)
        }
    return {"users": len(fold.test), "segments": len(fitted["segments"].kept), **found}


def _named(intervals: list[Interval]) -> dict[str, list[float]]:
    rounded = [[round(number, 4) for number in (one.value, one.low, one.high)] for one in intervals]
    return dict(zip((f"recall@{K}", f"ndcg@{K}"), rounded, strict=True))


def search(fold: Fold, dataset: Dataset) -> list[dict[str, Any]]:
    """NDCG of each setting for each question, on users held out of training."""
    facts, found = facts_of(fold, dataset), []
    for values in product(*GRID.values()):
        knobs: dict[str, Any] = dict(zip(GRID, values, strict=True))
        model = SegmentPopularity(**knobs).fit(fold.train)
        scores = [judged(fold, model, asked(fold, facts, first))[:, 1].mean() for first in FIRST]
        found.append({**knobs, "ndcg": [round(float(score), 4) for score in scores]})
        print(found[-1], flush=True)
    return sorted(found, key=lambda one: -sum(one["ndcg"]))


def main() -> None:
    default = Path(os.environ.get("SLATEWRIGHT_DATA", Path(__file__).parents[2] / "shared" / "data"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument(
        "--search", action="store_true", help="choose the knobs on the validation part; not the test part"
    )
    arguments = parser.parse_args()
    dataset = ml1m(arguments.data / "ml1m")
    (fold,) = ByUser(0.2, unseen_share=1.0, history_share=0.5, validation_share=0.1).split(dataset)
    if arguments.search:
        if fold.validation is None:
            raise SystemExit("there is no validation part")
        record("segments", {"data": "ml1m", "first": FIRST, "search": search(fold.validation, dataset)})
        return
    record("segments", {"data": "ml1m", "k": K, **table(fold, dataset)})


if __name__ == "__main__":
    main()
