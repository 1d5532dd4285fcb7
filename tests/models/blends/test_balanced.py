from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models import ALS, Balanced, ItemKNN, Popularity
from slatewright.models.blends.balanced import balanced_weights
from slatewright.models.costs import Size
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes


class TestBalanced(EstimatorKit):
    estimator = Balanced(ALS(embedding_dim=4, epochs=3), by="item")


class TestBalancedByUser(EstimatorKit):
    estimator = Balanced(ItemKNN(n_neighbors=8), by="user", class_exponent=1.0)


def views_and_purchases() -> Dataset:
    """Everybody views the poster twenty times and buys the tea once."""
    rows = [(f"u{user}", "poster", "view", at) for user in range(20) for at in range(20)]
    rows += [(f"u{user}", "tea", "purchase", 30) for user in range(15)]
    frame = pl.DataFrame(rows, schema=["user_id", "item_id", "kind", "time"], orient="row")
    return dataset_of(frame)


def test_the_rare_kind_is_heard() -> None:
    data = views_and_purchases()
    tea = int(data.items.locate(["tea"])[0][0])
    histories = Histories.of([[]])
    plain = Popularity().fit(data).score(histories)[0]
    heard = Balanced(Popularity(), by="kind", class_exponent=1.0).fit(data).score(histories)[0]
    assert plain[tea] < plain[1 - tea] / 10
    assert heard[tea] == pytest.approx(heard[1 - tea])


def test_no_exponent_changes_nothing_and_one_makes_all_classes_weigh_the_same() -> None:
    classes, weights = np.array([0, 0, 0, 1], np.int32), np.array([1, 2, 3, 2], np.float32)
    np.testing.assert_allclose(balanced_weights(classes, weights, 0.0), weights)
    even = balanced_weights(classes, weights, 1.0)
    assert even[3] == pytest.approx(even[:3].sum()) == pytest.approx(4.0)
    np.testing.assert_allclose(even[:3] / even[0], [1, 2, 3], rtol=1e-6)


@given(arrays.arrays(np.float32, st.integers(0, 30), elements=st.floats(-1, 1e6, width=32)), st.floats(0, 1))
def test_the_sum_stays_and_what_weighs_nothing_still_does(weights: np.ndarray, exponent: float) -> None:
    classes = np.arange(len(weights), dtype=np.int32) % 3
    balanced = balanced_weights(classes, weights, exponent)
    assert np.isfinite(balanced).all()
    np.testing.assert_allclose(np.maximum(balanced, 0).sum(), np.maximum(weights, 0).sum(), rtol=1e-3)
    np.testing.assert_array_equal(balanced[weights <= 0], weights[weights <= 0])


def test_what_is_balanced_must_be_an_estimator_and_the_class_a_known_one() -> None:
    with pytest.raises(BadKnob, match="must be"):
        Balanced(3)  # type: ignore[arg-type]
    with pytest.raises(BadKnob, match=r"Balanced\.by must be one of 'kind', 'item', 'user', got 'colour'"):
        Balanced(Popularity(), by="colour")


def test_it_costs_what_its_estimator_costs() -> None:
    data = dataset_of(two_tastes())
    size = Size.of(replace(data))
    assert Balanced(ALS()).cost(size).work == ALS().cost(size).work
