"""EASE: the kit, the closed form written out with NumPy, and the bar on ML-1M."""

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput, BadKnob, NoRoom
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import EASE
from slatewright.models.costs import Size
from slatewright.models.shapes import DensePairs
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import checkerboard, two_tastes

TABLE = sparse.random(300, 70, 0.1, format="csr", dtype=np.float32, rng=np.random.default_rng(1))


class TestEASE(EstimatorKit):
    estimator = EASE()


class TestFadingEASE(EstimatorKit):
    estimator = EASE(reg=5, dropout=0.3, activity_discount=0.5, half_life_days=20, history_half_life_days=5)


def closed_form(table: Array, reg: float, dropout: float) -> Array:
    gram = table.T @ table
    penalty = reg * np.eye(len(gram)) + dropout / (1 - dropout) * np.diag(np.diag(gram))
    inverse = np.linalg.inv(gram + penalty)
    pairs: Array = -inverse / np.diag(inverse)[None, :]
    np.fill_diagonal(pairs, 0)
    return pairs


@pytest.mark.parametrize(("reg", "dropout"), [(1.0, 0.0), (10.0, 0.4), (1e-5, 0.0)])
def test_equals_the_closed_form(reg: float, dropout: float) -> None:
    found = EASE(reg=reg, dropout=dropout).pairs(TABLE)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, closed_form(TABLE.toarray().astype(float), reg, dropout), atol=2e-5)


def test_each_column_is_the_ridge_regression_of_its_item_on_the_others() -> None:
    dense = TABLE.toarray().astype(float)
    others = np.delete(np.arange(70), 7)
    left = dense[:, others].T @ dense[:, others] + 3 * np.eye(69)
    expected = np.linalg.solve(left, dense[:, others].T @ dense[:, 7])
    np.testing.assert_allclose(EASE(reg=3).pairs(TABLE)[others, 7], expected, atol=1e-5)


def test_long_histories_at_a_discount_are_rows_scaled() -> None:
    lengths = np.diff(TABLE.indptr)
    factors = np.repeat(np.maximum(lengths, 1) ** -0.5, lengths)
    scaled = TABLE.copy()
    scaled.data *= np.sqrt(factors / factors.mean())
    found = EASE(reg=2, activity_discount=0.5).pairs(TABLE)
    np.testing.assert_allclose(found, closed_form(scaled.toarray().astype(float), 2, 0), atol=2e-5)


def test_finds_the_square_that_was_left_out_of_the_checkerboard() -> None:
    dataset = dataset_of(checkerboard(20))
    answer = EASE(reg=1).fit(dataset).recommend(list(dataset.users), 1)
    assert answer["item_id"].to_list() == [user.replace("u", "i") for user in answer["user_id"]]


def test_an_empty_history_is_answered_by_what_everybody_takes() -> None:
    events = pl.DataFrame({"user_id": ["a", "b", "b"], "item_id": ["x", "x", "y"]})
    model = EASE().fit(dataset_of(events))
    np.testing.assert_allclose(model.score(Histories.of([[]])), [[2 / 3, 1 / 3]], rtol=1e-6)


def test_weights_that_drown_reg_are_refused_by_name() -> None:
    events = pl.DataFrame({"user_id": ["a", "a", "b"], "item_id": ["x", "y", "x"], "value": [1.0, 1.0, 1.0]})
    with pytest.raises(BadInput, match=r"too large for EASE\.reg = 100; raise reg or scale the weights down"):
        EASE().fit(dataset_of(events.with_columns(kind=pl.lit("view")), weights={"view": 1e12}))


def test_a_catalogue_that_does_not_fit_is_refused_naming_what_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slatewright.models.linear.room.free_bytes", lambda: 1000)
    with pytest.raises(NoRoom, match=r"EASE holds .* \d+ items need .*SparseInverse.*ALS"):
        EASE().fit(dataset_of(two_tastes()))


def test_the_cost_counts_the_matrix_of_pairs() -> None:
    size = Size(1_000, 50_000, 10**6, 10**6, 1e8, 1e8, 0)
    assert EASE().cost(size).memory == pytest.approx(4 * 50_000**2, rel=0.1)


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"reg": 0}, r"EASE\.reg must be > 0, got 0"),
        ({"dropout": 1.0}, r"EASE\.dropout must be < 1, got 1\.0"),
        ({"activity_discount": -1.0}, r"EASE\.activity_discount must be >= 0, got -1\.0"),
    ],
)
def test_knobs_are_checked_at_the_door(knobs: dict[str, float], message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        EASE(**knobs)


def test_a_fit_is_dense_pairs() -> None:
    assert isinstance(EASE().fit(dataset_of(two_tastes())), DensePairs)


@pytest.mark.data
@pytest.mark.long
def test_reaches_the_bar_of_ml1m_by_the_protocol_of_ncf(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[3] / "bench"), *sys.path])
    import bench_linear
    import ncf_protocol

    task = ncf_protocol.load(data_dir)
    found = ncf_protocol.judged(bench_linear.NCF["EASE"][0].fit(task.train), task)
    assert found["hr@10"] >= 0.719
    assert found["ndcg@10"] >= 0.449
