"""Small worlds in which it is known what decides."""

from functools import cache
from typing import Any

import lightgbm
import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame
from slatewright.data.dataset import Dataset, dataset_of

FEATURES = ("age", "stock", "price", "views", "margin")
CAUSE, EFFECT = "kettle", "descaler"


@cache
def rows() -> Frame:
    """Features of 60 queries with 10 rows each; only ``price`` decides (see ``ranker``)."""
    values = np.random.default_rng(3).normal(size=(600, len(FEATURES)))
    return pl.DataFrame(values, schema=list(FEATURES))


def labels() -> Array:
    """2 for what is cheap, 0 otherwise, int64 (600,)."""
    return (rows()["price"].to_numpy() < 0).astype(np.int64) * 2


@cache
def ranker() -> Any:
    """A LightGBM ranker that learned it."""
    model = lightgbm.LGBMRanker(n_estimators=20, min_child_samples=5, n_jobs=1, verbose=-1)
    return model.fit(rows().to_numpy(), labels(), group=[10] * 60, feature_name=list(FEATURES))


@cache
def kettles() -> Dataset:
    """80 users with four things out of ten each; who has a kettle buys descaler, and nobody else does."""
    rng = np.random.default_rng(5)
    pairs = []
    for user in range(80):
        things = [f"thing{at}" for at in rng.choice(10, 4, replace=False)]
        pairs += [(f"u{user}", item) for item in (*things, *((CAUSE, EFFECT) if user % 4 == 0 else ()))]
    return dataset_of(pl.DataFrame(pairs, schema=["user_id", "item_id"], orient="row"))
