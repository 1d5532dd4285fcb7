"""Ratings by neighbours: the kit, and the formulas of the papers written out pair by pair."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from slatewright.core.arrays import Array
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models import RatingKNN
from slatewright.testing.estimators import EstimatorKit

N_USERS, N_ITEMS = 25, 12


class TestRatingKNNByItems(EstimatorKit):
    estimator = RatingKNN(n_neighbors=3)


class TestRatingKNNByItemsWithMeans(EstimatorKit):
    estimator = RatingKNN(similarity="cosine", baseline="mean", shrinkage=0, n_candidates=2)


class TestRatingKNNByUsers(EstimatorKit):
    estimator = RatingKNN(by="users", n_neighbors=3)


class TestRatingKNNByUsersWithMeans(EstimatorKit):
    estimator = RatingKNN(by="users", similarity="msd", baseline="mean", shrinkage=0)


def some_ratings() -> tuple[Dataset, Array]:
    """A data set, and the same ratings as a dense table with NaN where there is none."""
    rng = np.random.default_rng(3)
    tastes = rng.normal(size=(N_USERS, 2)) @ rng.normal(size=(2, N_ITEMS)) + 3 + rng.normal(size=(N_USERS, 1)) / 2
    table = np.clip(np.round(tastes), 1, 5)
    table[rng.random(table.shape) < 0.4] = np.nan
    users, items = np.nonzero(np.isfinite(table))
    events = pl.DataFrame(
        {
            "user_id": [f"u{user:02d}" for user in users],
            "item_id": [f"i{item:02d}" for item in items],
            "kind": "rating",
            "value": table[users, items],
            "time": np.arange(len(users)),
        }
    )
    return dataset_of(events), table


def levels_of(table: Array, baseline: str, by: str) -> tuple[Array, Array, float]:
    """The overall level, that of the items and that of the users, as rows and columns of the table."""
    none = np.zeros(N_ITEMS)
    if baseline == "mean" and by == "items":
        return np.nanmean(table, axis=0), np.zeros(N_USERS), 0.0
    if baseline == "mean":
        return none, np.nanmean(table, axis=1), 0.0
    overall, items, users = float(np.nanmean(table)), none, np.zeros(N_USERS)
    for _ in range(10):
        left = table - overall - users[:, None]
        items = np.nansum(left, axis=0) / (np.isfinite(table).sum(axis=0) + 10)
        left = table - overall - items
        users = np.nansum(left, axis=1) / (np.isfinite(table).sum(axis=1) + 10)
    return items, users, overall


def alike(one: Array, other: Array, raw: Array, raw_other: Array, knobs: RatingKNN) -> float:
    """The similarity of two rows by what both have."""
    both = np.isfinite(one) & np.isfinite(other)
    n = int(both.sum())
    if not n:
        return 0.0
    x, y = (one, other) if knobs.similarity == "pearson" else (raw, raw_other)
    x, y = x[both], y[both]
    if knobs.similarity == "msd":
        likeness = 1 / (1 + np.mean((x - y) ** 2))
    else:
        below = np.sqrt((x**2).sum() * (y**2).sum())
        likeness = (x * y).sum() / below if below else 0.0
    return float(likeness * ((n - 1) / (n - 1 + knobs.shrinkage) if knobs.shrinkage else 1))


def by_hand(table: Array, knobs: RatingKNN, user: int, item: int) -> float:
    items, users, overall = levels_of(table, knobs.baseline, knobs.by)
    left = table - overall - items - users[:, None]
    rows, raw, asked, other = (left.T, table.T, item, user) if knobs.by == "items" else (left, table, user, item)
    voices = [
        (alike(rows[asked], rows[row], raw[asked], raw[row], knobs), rows[row, other])
        for row in range(len(rows))
        if row != asked and np.isfinite(rows[row, other])
    ]
    best = sorted((voice for voice in voices if voice[0] > 0), key=lambda voice: -voice[0])[: knobs.n_neighbors]
    moved = sum(s * d for s, d in best) / sum(s for s, _ in best) if best else 0.0
    return float(overall + items[item] + users[user] + moved)


@pytest.mark.parametrize("by", ["items", "users"])
@pytest.mark.parametrize(
    ("similarity", "baseline", "shrinkage"), [("pearson", "bias", 20), ("msd", "mean", 0), ("cosine", "bias", 5)]
)
def test_predictions_are_those_of_the_formulas(by: str, similarity: str, baseline: str, shrinkage: float) -> None:
    dataset, table = some_ratings()
    knobs: Any = {"by": by, "similarity": similarity, "baseline": baseline, "shrinkage": shrinkage}
    estimator = RatingKNN(n_neighbors=3, **knobs)
    users, items = np.nonzero(np.isnan(table))
    wanted = [by_hand(table, estimator, int(user), int(item)) for user, item in zip(users, items, strict=True)]
    model = estimator.fit(dataset)
    scores = model.score(dataset.histories())[users, items]
    np.testing.assert_allclose(scores, wanted, rtol=1e-4)
    found = model.predict(dataset.histories(), users.astype(np.int32), items.astype(np.int32))
    np.testing.assert_allclose(found, np.clip(wanted, 1, 5), rtol=1e-4)


@pytest.mark.parametrize("by", ["items", "users"])
def test_pairs_may_be_asked_in_any_order_and_twice(by: str) -> None:
    dataset, _ = some_ratings()
    model = RatingKNN(by=by, n_neighbors=2).fit(dataset)
    rows, items = np.array([4, 0, 4, 4, 24], np.int32), np.array([7, 1, 7, 2, 0], np.int32)
    found = model.predict(dataset.histories(), rows, items)
    wanted = np.clip(model.score(dataset.histories())[rows, items], model.scale[2], model.scale[3])
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


@pytest.mark.parametrize("by", ["items", "users"])
@pytest.mark.parametrize("baseline", ["mean", "bias"])
def test_somebody_without_ratings_gets_the_usual(by: str, baseline: str) -> None:
    dataset, table = some_ratings()
    score = RatingKNN(by=by, baseline=baseline).fit(dataset).score(Histories.of([[]]))[0]
    items, _, overall = levels_of(table, baseline, by)
    usual = items + overall if by == "items" or baseline == "bias" else np.full(N_ITEMS, np.nanmean(table))
    np.testing.assert_allclose(score, usual, rtol=1e-4)
