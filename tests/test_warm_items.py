"""Warm items on real data: content and hybrid models beat chance and the popularity of categories, for sure.

A smaller cut than ``bench/bench_warm_items.py``: a third of the users, a few epochs.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.splits import Fold, WarmItems, warm_items
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.metrics.hits import hits
from slatewright.metrics.ranking import ndcg
from slatewright.models import ALS, Content, Estimator, FactFactors, FactFeatures, FactMapped
from slatewright.models.topk import top_k

MODELS: dict[str, Estimator] = {
    "content": Content(),
    "joint": FactFactors(embedding_dim=32, epochs=8),
    "mapped": FactMapped(ALS(embedding_dim=32, epochs=8), reg=3.0),
}


def ml1m(data: Path) -> tuple[Dataset, str]:
    ratings = pl.read_parquet(data / "ml1m" / "ratings.parquet").filter(
        (pl.col("rating") >= 4) & (pl.col("user_id") % 3 == 0)
    )
    movies = pl.read_parquet(data / "ml1m" / "movies.parquet").with_columns(pl.col("movie_id").cast(pl.String))
    events = ratings.select(pl.col("user_id").cast(pl.String), item_id=pl.col("movie_id").cast(pl.String))
    facts = movies.select("title", "genres", "year", item_id="movie_id")
    return dataset_of(events, item_facts=facts), "genres"


def online_retail(data: Path) -> tuple[Dataset, str]:
    lines = pl.read_parquet(data / "online_retail" / "year_2010_2011.parquet").filter(
        (pl.col("quantity") > 0) & (pl.col("customer_id") % 3 == 0) & pl.col("description").is_not_null()
    )
    lines = lines.with_columns(item_id=pl.col("stock_code"), user_id=pl.col("customer_id").cast(pl.String))
    facts = lines.group_by("item_id").agg(pl.col("description").first(), pl.col("unit_price").median())
    return dataset_of(lines.select("user_id", "item_id").unique(maintain_order=True), item_facts=facts), "description"


def ndcg_of(fold: Fold, scores: np.ndarray) -> Interval:
    asked = warm_items(fold)
    positions, _, counts = top_k(np.array(scores, dtype=np.float32), 20)
    found = hits(asked[positions], counts, fold.test.offsets, fold.test.relevant)
    return Bootstrap(resamples=200).means(ndcg(found, fold.test.n_relevant())[:, None])[0]


def baselines(fold: Fold, column: str) -> dict[str, Interval]:
    asked, n = warm_items(fold), len(fold.test)
    sold = np.bincount(fold.train.interactions.item, minlength=fold.train.n_items)
    space = FactFeatures(columns=(column,), piece_weight=0).learn(fold.train.item_facts, sold > 0)
    has = space.matrix(fold.train.item_facts)
    has.data[:] = 1
    mean = (has[sold > 0].T @ sold[sold > 0]) / np.maximum(np.asarray(has[sold > 0].sum(axis=0)).ravel(), 1)
    popular = (has[asked] @ mean) / np.maximum(np.asarray(has[asked].sum(axis=1)).ravel(), 1)
    return {
        "random": ndcg_of(fold, np.random.default_rng(0).random((n, len(asked)))),
        "category popularity": ndcg_of(fold, np.tile(popular, (n, 1))),
    }


@pytest.mark.data
@pytest.mark.long
@pytest.mark.parametrize("world", [ml1m, online_retail], ids=["ml1m", "online_retail"])
def test_intervals_do_not_overlap(data_dir: Path, world: Callable[[Path], tuple[Dataset, str]]) -> None:
    dataset, column = world(data_dir)
    fold = next(WarmItems(validation_share=0, rng=2).split(dataset))
    beaten = baselines(fold, column)
    for name, estimator in MODELS.items():
        scores = estimator.fit(fold.train).score(fold.test.histories, warm_items(fold))
        ours = ndcg_of(fold, scores)
        for other, theirs in beaten.items():
            assert ours.low > theirs.high, f"{name} {ours} beside {other} {theirs}"
