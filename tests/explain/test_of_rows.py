from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LinearRegression

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput
from slatewright.explain.feature_table import FeatureTable
from slatewright.explain.of_rows import MOST_ROWS, importance_of_features, reasons_of_row

from .planted import labels, ranker, rows

TABLE = FeatureTable.of(rows())


@pytest.mark.parametrize(("method", "how"), [("auto", "shap"), ("shap", "shap"), ("lime", "lime")])
def test_the_feature_that_decides_is_found_for_a_row(method: str, how: str) -> None:
    cheap = int(np.argmin(np.abs(rows()["price"].to_numpy() + 0.5)))
    found = reasons_of_row(ranker(), TABLE, cheap, method, 0)
    assert (found.how, found.model, found.subject) == (how, "LGBMRanker", f"row {cheap}")
    assert found.parts[0].name == "price"
    assert found.parts[0].value == rows()["price"][cheap]
    assert abs(found.parts[0].contribution) > 5 * abs(found.parts[1].contribution)
    assert found.parts[0].contribution > 0


def test_shap_parts_and_base_are_the_raw_score() -> None:
    for at in range(20):
        found = reasons_of_row(ranker(), TABLE, at, "shap", 0)
        assert found.score == pytest.approx(ranker().booster_.predict(TABLE.values[[at]])[0])
        assert abs(found.gap) < 1e-4
        assert found.fit is None


def test_a_surrogate_says_how_well_it_fits() -> None:
    line = LinearRegression().fit(TABLE.values, TABLE.values @ np.array([1.0, 0, 4, 0, -2]))
    found = reasons_of_row(line, TABLE, 7, "auto", 0)
    assert found.how == "lime"
    assert found.fit == pytest.approx(1, abs=1e-4)
    assert abs(found.gap) < 0.05
    by_name = {part.name: part.contribution for part in found.parts}
    away = TABLE.values[7] - TABLE.values.mean(axis=0)
    assert by_name["price"] == pytest.approx(4 * away[2], abs=0.02)
    assert by_name["margin"] == pytest.approx(-2 * away[4], abs=0.02)


@pytest.mark.parametrize(("method", "how"), [("auto", "shap"), ("permutation", "permutation")])
def test_the_feature_that_decides_is_found_over_all_rows(method: str, how: str) -> None:
    found = importance_of_features(ranker(), TABLE, method, 0)
    assert (found.how, found.answers) == (how, 600)
    assert found.top().name == "price"
    assert found.top().share > 0.95
    assert sum(one.share for one in found.of["feature"]) == pytest.approx(1)


def test_shuffling_moves_a_line_by_its_slopes() -> None:
    def line(values: Array) -> Array:
        return np.asarray(3 * values[:, 0] - values[:, 1])

    found = {one.name: one.importance for one in importance_of_features(line, TABLE, "auto", 0).of["feature"]}
    spread = 2 / np.sqrt(np.pi)  # mean distance of two draws of a normal
    assert found["age"] == pytest.approx(3 * spread, rel=0.1)
    assert found["stock"] == pytest.approx(spread, rel=0.1)
    assert found["views"] == 0


def test_of_a_long_table_some_rows_are_drawn() -> None:
    long = FeatureTable.of(np.random.default_rng(0).normal(size=(MOST_ROWS + 500, 1)))
    assert importance_of_features(lambda values: values[:, 0], long, "auto", 0).answers == MOST_ROWS


def test_unknown_values_are_no_trouble_for_trees_and_refused_for_a_surrogate() -> None:
    holes = FeatureTable.of(rows().with_columns(pl.when(pl.col("age") > 0).then(pl.col("age"))))
    at = int(np.flatnonzero(np.isnan(holes.values[:, 0]))[0])
    assert abs(reasons_of_row(ranker(), holes, at, "auto", 0).gap) < 1e-4
    with pytest.raises(BadInput, match="this row and at least one other must have no unknown value"):
        reasons_of_row(ranker(), holes, at, "lime", 0)


def test_a_surrogate_needs_a_second_row_and_a_column_may_be_constant() -> None:
    with pytest.raises(BadInput, match="this row and at least one other"):
        reasons_of_row(lambda values: values[:, 0], FeatureTable.of(np.ones((1, 2))), 0, "auto", 0)
    table = FeatureTable.of(np.c_[np.full(50, 2.5), np.linspace(0, 1, 50)])
    found = reasons_of_row(lambda values: values[:, 1], table, 49, "auto", 0)
    assert {part.name: round(part.contribution, 2) for part in found.parts} == {"feature 0": 0.0, "feature 1": 0.5}


@pytest.mark.parametrize("ask", [lambda table: reasons_of_row(len, table, 0, "shap", 0),
                                 lambda table: importance_of_features(len, table, "shap", 0)])  # fmt: skip
def test_shap_of_what_has_no_trees_is_refused(ask: Callable[[FeatureTable], object]) -> None:
    with pytest.raises(BadInput, match="method='shap' reads trees, and len has none; use method='lime' or"):
        ask(TABLE)


def test_labels_are_what_was_planted() -> None:
    assert set(labels()) == {0, 2}
