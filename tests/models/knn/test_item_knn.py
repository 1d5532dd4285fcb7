"""Item nearest neighbours: the kit, and one hand calculation."""

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
    estimator = ItemKNN(weighting="tfidf", shrinkage=0, history_half_life_days=5)


def test_a_pair_counts_in_full_when_both_items_keep_each_other_and_half_when_one_does() -> None:
    rows = [("u1", "hub"), ("u1", "a"), ("u2", "hub"), ("u2", "a"), ("u3", "hub"), ("u3", "b"), ("u4", "hub")]
    dataset = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id"], orient="row"))
    model = ItemKNN(n_neighbors=1, shrinkage=0.0).fit(dataset)
    likeness = model.score(Histories.of([[0], [1], [2]]))  # a, b, hub
    assert likeness[0] == pytest.approx([0, 0, 2 / np.sqrt(2 * 4)])  # a and hub keep each other
    assert likeness[1] == pytest.approx([0, 0, 0.5 / np.sqrt(1 * 4)])  # b keeps hub, hub keeps a
    assert likeness[2] == pytest.approx([likeness[0, 2], likeness[1, 2], 0])
