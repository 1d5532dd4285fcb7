"""SparseInverse: the kit, EASE as the limit of many neighbours, the regression on few of them."""

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.models import EASE, SparseInverse
from slatewright.models.costs import Size
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import checkerboard

TABLE = sparse.random(300, 40, 0.4, format="csr", dtype=np.float32, rng=np.random.default_rng(1))  # all items meet


class TestSparseInverse(EstimatorKit):
    estimator = SparseInverse()


class TestFadingSparseInverse(EstimatorKit):
    estimator = SparseInverse(
        n_neighbors=5, reg=5, dropout=0.3, activity_discount=0.5, half_life_days=20, history_half_life_days=5
    )


def test_with_all_items_as_neighbours_it_is_ease() -> None:
    found = SparseInverse(n_neighbors=40, reg=5, dropout=0.3, activity_discount=0.5, epochs=1000).pairs(TABLE)
    expected = EASE(reg=5, dropout=0.3, activity_discount=0.5).pairs(TABLE)
    np.testing.assert_allclose(found.toarray(), expected, atol=2e-3)


def test_a_column_is_the_ridge_regression_on_the_items_that_explain_it_best() -> None:
    pairs = SparseInverse(n_neighbors=6, reg=2, epochs=1000).pairs(TABLE)
    gram = (TABLE.T @ TABLE).toarray().astype(float)
    gains = gram**2 / (np.diag(gram) + 2)[:, None]
    np.fill_diagonal(gains, 0)
    for target in (0, 17, 39):
        near = np.sort(np.argsort(-gains[:, target])[:6])
        expected = np.linalg.solve(gram[np.ix_(near, near)] + 2 * np.eye(6), gram[near, target])
        column = pairs[:, [target]].toarray().ravel()
        np.testing.assert_allclose(column[near], expected, atol=1e-3)
        assert np.count_nonzero(column) == 6


def test_finds_the_square_that_was_left_out_of_the_checkerboard() -> None:
    dataset = dataset_of(checkerboard(20))
    answer = SparseInverse(n_neighbors=5, reg=1).fit(dataset).recommend(list(dataset.users), 1)
    assert answer["item_id"].to_list() == [user.replace("u", "i") for user in answer["user_id"]]


def test_weights_whose_squares_drown_each_other_are_refused() -> None:
    events = pl.DataFrame({"user_id": ["a", "a", "b"], "item_id": ["x", "y", "x"], "kind": ["view"] * 3})
    with pytest.raises(BadInput, match=r"SparseInverse takes weights up to 1e\+09, got 1e\+12"):
        SparseInverse().fit(dataset_of(events, weights={"view": 1e12}))


def test_the_cost_grows_with_the_neighbours_and_not_with_the_square_of_the_catalogue() -> None:
    size = Size(500_000, 10**6, 10**7, 10**7, 3e8, 1e9, 0)
    few, many = (SparseInverse(n_neighbors=n).cost(size).memory for n in (50, 100))
    assert many - few == 20 * 50 * 10**6
    assert many < 4e9


def test_knobs_are_checked_at_the_door() -> None:
    with pytest.raises(BadKnob, match=r"SparseInverse\.n_neighbors must be >= 1, got 0"):
        SparseInverse(n_neighbors=0)
