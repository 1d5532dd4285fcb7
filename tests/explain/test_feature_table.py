from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LinearRegression

from slatewright.core.errors import BadInput
from slatewright.explain import FeatureTable

from .planted import FEATURES, labels, ranker, rows


def test_a_frame_becomes_numbers_and_what_is_unknown_nan() -> None:
    found = FeatureTable.of(pl.DataFrame({"a": [1, None], "b": [True, False]}))
    assert found.names == ("a", "b")
    np.testing.assert_array_equal(found.values, [[1, 1], [np.nan, 0]])


def test_a_matrix_gets_names() -> None:
    assert FeatureTable.of(np.ones((2, 2))).names == ("feature 0", "feature 1")
    assert FeatureTable.of(np.ones((2, 2)), ["x", "y"]).names == ("x", "y")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (pl.DataFrame({"a": ["x"], "b": [1], "c": ["z"]}), "features must be numbers or booleans, got a, c; encode"),
        (pl.DataFrame({"a": []}, schema={"a": pl.Float64}), "must have rows and columns, got 0 x 1"),
        (np.ones(3), "must have two dimensions, got 1"),
        ([["x"]], "must be a polars frame or a matrix of numbers, got list"),
        (object(), "must be a polars frame or a matrix of numbers, got object"),
    ],
)
def test_what_is_no_table_is_refused(given: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        FeatureTable.of(given)


def test_one_name_for_each_column() -> None:
    with pytest.raises(BadInput, match="one name for each of 2 features, got 1"):
        FeatureTable.of(np.ones((2, 2)), ["x"])


def test_columns_stand_as_the_ranker_reads_them() -> None:
    mixed = FeatureTable.of(rows().select("views", "price", pl.lit(0.0).alias("more"), "margin", "age", "stock"))
    ours = mixed.as_read_by(ranker())
    assert ours.names == FEATURES
    np.testing.assert_array_equal(ours.values, rows().to_numpy())
    assert mixed.as_read_by(ranker().booster_).names == FEATURES


def test_columns_without_names_stand_as_they_are() -> None:
    line = LinearRegression().fit(rows().to_numpy(), labels())
    table = FeatureTable.of(rows())
    assert table.as_read_by(line) is table
    assert table.as_read_by(print) is table
    with pytest.raises(BadInput, match="LinearRegression was fitted on 5 features, got 2"):
        FeatureTable.of(np.ones((3, 2))).as_read_by(line)


def test_a_column_that_the_ranker_lacks_is_named() -> None:
    with pytest.raises(BadInput, match="LGBMRanker wants price, which the table lacks"):
        FeatureTable.of(rows().rename({"price": "prize"})).as_read_by(ranker())


@pytest.mark.parametrize("at", [-1, 600, 1.5, True])
def test_a_row_that_is_not_there_is_refused(at: Any) -> None:
    with pytest.raises(BadInput, match="row must be from 0 to 599, got"):
        FeatureTable.of(rows()).row(at)


def test_some_rows_are_drawn_in_order() -> None:
    table = FeatureTable.of(np.arange(20.0).reshape(10, 2))
    some = table.some(4, np.random.default_rng(0)).values[:, 0]
    assert len(some) == 4
    assert (np.diff(some) > 0).all()
    assert table.some(10, np.random.default_rng(0)) is table
