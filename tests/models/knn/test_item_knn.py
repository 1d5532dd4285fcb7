"""Item nearest neighbours: the kit, and a hand calculation."""

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import ItemKNN
from slatewright.testing.estimators import EstimatorKit


class TestItemKNN(EstimatorKit):
    estimator = ItemKNN()


class TestItemKNNWithBM25(EstimatorKit):
    estimator = ItemKNN(n_neighbors=3, weighting="bm25", half_life_days=20)


class TestItemKNNWithTFIDF(EstimatorKit):
    estimator = ItemKNN(weighting="tfidf", shrinkage=0, history_half_life_days=5, asymmetry=-1)


class TestItemKNNWithJaccard(EstimatorKit):
    estimator = ItemKNN(similarity="jaccard", activity_discount=0, longest_history=3)


class TestItemKNNWithPearson(EstimatorKit):
    estimator = ItemKNN(similarity="pearson", longest_history=None, shrinkage=0)


def test_similarities_by_hand() -> None:
    rows = [("u1", "hub"), ("u1", "a"), ("u2", "hub"), ("u2", "a"), ("u3", "hub"), ("u3", "b"), ("u4", "hub")]
    dataset = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id"], orient="row"))
    model = ItemKNN(n_neighbors=1, shrinkage=0, weighting="none", activity_discount=0, asymmetry=0).fit(dataset)
    likeness = model.score(Histories.of([[0], [1], [2]]))  # a, b, hub
    assert likeness[0] == pytest.approx([0, 0, 2 / np.sqrt(2 * 4)])
    assert likeness[1] == pytest.approx([0, 0, 1 / np.sqrt(1 * 4)])
    assert likeness[2] == pytest.approx([2 / np.sqrt(2 * 4), 0, 0])  # the hub keeps the nearer one only
    model = ItemKNN(n_neighbors=1, shrinkage=0, weighting="none", activity_discount=0, asymmetry=0.5).fit(dataset)
    assert model.score(Histories.of([[0]]))[0] == pytest.approx([0, 0, 2 / (2**0.75 * 4**0.25)])


def test_one_crawler_costs_no_more_than_its_latest_events() -> None:
    crawler = pl.DataFrame({"user_id": "crawler", "item_id": [f"{at:06d}" for at in range(30_000)]})
    people = pl.DataFrame({"user_id": ["a", "a"], "item_id": ["000000", "000001"]})
    model = ItemKNN(longest_history=50, n_neighbors=5).fit(dataset_of(pl.concat([crawler, people])))
    assert len(model.neighbors) <= 52 * 5
