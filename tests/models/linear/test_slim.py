"""SLIM: the kit, and what makes it SLIM."""

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.models import EASE, SLIM
from slatewright.models.costs import Size
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import checkerboard

TABLE = sparse.random(300, 70, 0.1, format="csr", dtype=np.float32, rng=np.random.default_rng(1))


class TestSLIM(EstimatorKit):
    estimator = SLIM()


class TestFadingSLIM(EstimatorKit):
    estimator = SLIM(
        reg=1, l1_reg=0.1, dropout=0.3, activity_discount=0.5, negative=True, n_neighbors=8, half_life_days=20,
        history_half_life_days=5,
    )  # fmt: skip


def test_numbers_are_few_and_positive_and_nothing_speaks_for_itself() -> None:
    pairs = SLIM(reg=1, l1_reg=0.5).pairs(TABLE)
    assert 0 < pairs.nnz < 70 * 69 / 2
    assert (pairs.data > 0).all()
    assert (pairs.diagonal() == 0).all()


def test_without_the_penalty_on_magnitudes_and_with_both_signs_it_is_ease() -> None:
    table = sparse.random(300, 40, 0.4, format="csr", dtype=np.float32, rng=np.random.default_rng(1))  # all items meet
    slim = SLIM(reg=3, l1_reg=0, dropout=0.3, activity_discount=0.5, negative=True, epochs=1000)
    ease = EASE(reg=3, dropout=0.3, activity_discount=0.5)
    np.testing.assert_allclose(slim.pairs(table).toarray(), ease.pairs(table), atol=2e-3)


def test_a_larger_penalty_leaves_fewer_numbers() -> None:
    sizes = [SLIM(l1_reg=penalty).pairs(TABLE).nnz for penalty in (0.1, 0.5, 2.0)]
    assert sizes[0] > sizes[1] > sizes[2]


def test_finds_the_square_that_was_left_out_of_the_checkerboard() -> None:
    dataset = dataset_of(checkerboard(20))
    answer = SLIM(reg=1, l1_reg=0.1).fit(dataset).recommend(list(dataset.users), 1)
    assert answer["item_id"].to_list() == [user.replace("u", "i") for user in answer["user_id"]]


def test_weights_whose_squares_drown_each_other_are_refused() -> None:
    events = pl.DataFrame({"user_id": ["a", "a", "b"], "item_id": ["x", "y", "x"], "kind": ["view"] * 3})
    with pytest.raises(BadInput, match=r"SLIM takes weights up to 1e\+09, got 1e\+12"):
        SLIM().fit(dataset_of(events, weights={"view": 1e12}))


def test_the_cost_counts_a_gram_matrix_only_where_one_is_held() -> None:
    dense = Size(5_000, 3_000, 10**6, 10**6, 3e8, 1e9, 0)
    sparse_ = Size(50_000, 100_000, 10**6, 10**6, 3e8, 1e9, 0)
    assert SLIM().cost(dense).memory > 4 * 3_000**2
    assert SLIM().cost(sparse_).memory < 4 * 100_000**2 / 10


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"reg": 0}, r"SLIM\.reg must be > 0, got 0"),
        ({"l1_reg": -1}, r"SLIM\.l1_reg must be >= 0, got -1"),
        ({"n_neighbors": 0}, r"SLIM\.n_neighbors must be >= 1, got 0"),
    ],
)
def test_knobs_are_checked_at_the_door(knobs: dict[str, float], message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        SLIM(**knobs)  # type: ignore[arg-type]
