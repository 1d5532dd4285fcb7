import math
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.encoding import FactsEncoder, FactsModel

FACTS = pl.DataFrame(
    {
        "price": [1.0, None, 3.0, 3.0, 8.0, 1_000.0],
        "stock": [1, 2, 3, 4, None, 6],
        "brand": ["acme", "bolt", None, "acme", " ", "zeta"],
        "organic": [True, None, False, True, True, True],
        "genres": [["b", "a"], [], None, ["a"], ["a", "a"], ["zz"]],
        "since": [date(2024, 1, day) for day in range(1, 7)],
    }
)
TRAIN = np.array([True, True, True, True, True, False])


def test_nothing_is_learned_from_rows_that_are_not_for_training() -> None:
    model = FactsEncoder(scaling="none").fit(FACTS, TRAIN)
    changed = FACTS.with_columns(
        price=pl.when(pl.lit(pl.Series(TRAIN))).then("price").otherwise(-7.0),
        brand=pl.when(pl.lit(pl.Series(TRAIN))).then("brand").otherwise(pl.lit("never")),
    )
    again = FactsEncoder(scaling="none").fit(changed, np.flatnonzero(TRAIN).astype(np.int32))
    assert {name: array.tobytes() for name, array in model.arrays().items()} == {
        name: array.tobytes() for name, array in again.arrays().items()
    }
    assert model.transform(FACTS)["price"].to_list() == [1.0, 3.0, 3.0, 3.0, 8.0, 1_000.0]  # median of 1, 3, 3, 8


@pytest.mark.parametrize(("missing", "filled"), [("median", 3.0), ("mode", 3.0), ("mean", 3.75), ("constant", -2.0)])
def test_missing_numbers_are_filled(missing: str, filled: float) -> None:
    encoder = FactsEncoder(missing_numbers=missing, constant_number=-2.0, scaling="none", columns=("price",))
    assert encoder.fit(FACTS, TRAIN).matrix(FACTS)[1, 0] == filled


@pytest.mark.parametrize(("scaling", "oracle"), [("z_score", StandardScaler()), ("min_max", MinMaxScaler())])
def test_numbers_are_scaled_as_scikit_learn_does_it(scaling: str, oracle: object) -> None:
    names = ("price", "stock")
    given_numbers = FACTS.select(names).cast(pl.Float64).fill_null(math.nan).to_numpy()
    expected = (
        make_pipeline(SimpleImputer(strategy="median"), oracle).fit(given_numbers[TRAIN]).transform(given_numbers)
    )
    model = FactsEncoder(scaling=scaling, columns=names).fit(FACTS, TRAIN)
    np.testing.assert_allclose(model.matrix(FACTS), expected, rtol=1e-6)


def test_categories_are_encoded_as_scikit_learn_does_it() -> None:
    words = FACTS["brand"].str.strip_chars().replace("", None).fill_null("?").to_numpy().astype(object).reshape(-1, 1)
    hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(words[TRAIN]).transform(words)
    places = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit(words[TRAIN]).transform(words) + 1
    knobs = {"columns": ("brand",), "constant_category": "?"}
    one_hot = FactsEncoder(**knobs).fit(FACTS, TRAIN)  # type: ignore[arg-type]
    ordinal = FactsEncoder(**knobs, encoding="ordinal").fit(FACTS, TRAIN)  # type: ignore[arg-type]
    np.testing.assert_array_equal(one_hot.matrix(FACTS), hot)
    np.testing.assert_array_equal(ordinal.matrix(FACTS), places)
    assert one_hot.columns() == ["brand=?", "brand=acme", "brand=bolt"]
    assert ordinal.columns() == ["brand"]
    assert one_hot.matrix(FACTS)[5].tolist() == [0, 0, 0]  # zeta was never seen


def test_missing_categories_may_become_the_most_frequent_one() -> None:
    model = FactsEncoder(missing_categories="mode", columns=("brand", "organic")).fit(FACTS, TRAIN)
    assert model.transform(FACTS)["brand=acme"].to_list() == [1, 0, 1, 1, 1, 0]
    assert model.transform(FACTS)["organic=true"].to_list() == [1, 1, 0, 1, 1, 1]


def test_a_list_of_words_has_a_column_for_each_and_a_missing_one_has_none() -> None:
    hot = FactsEncoder(columns=("genres",)).fit(FACTS, TRAIN)
    assert hot.columns() == ["genres=a", "genres=b"]
    assert hot.matrix(FACTS).tolist() == [[1, 1], [0, 0], [0, 0], [1, 0], [1, 0], [0, 0]]
    first = FactsEncoder(columns=("genres",), encoding="ordinal").fit(FACTS, TRAIN)
    assert first.matrix(FACTS)[:, 0].tolist() == [1, 0, 0, 1, 1, 0]


def test_rare_categories_share_a_column_with_the_ones_never_seen() -> None:
    brands = pl.DataFrame({"brand": ["a"] * 5 + ["b"] * 4 + ["c", "d"]})
    model = FactsEncoder(most_categories=3).fit(brands)
    assert model.columns() == ["brand=a", "brand=b", "brand=(other)"]
    asked = pl.DataFrame({"brand": ["a", "c", "never"]})
    assert model.matrix(asked).tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 1]]
    ordinal = FactsEncoder(most_categories=3, encoding="ordinal").fit(brands)
    assert ordinal.matrix(asked)[:, 0].tolist() == [1, 3, 3]


def test_what_is_no_number_and_no_category_is_left_out_by_name() -> None:
    many = pl.concat([FACTS] * 100).with_columns(title=pl.Series([f"title {at}" for at in range(600)]))
    assert FactsEncoder().fit(many).left_out == ("since", "title")
    assert "title" not in FactsEncoder(columns=("title",)).fit(many).left_out


def test_a_fact_without_any_value_and_one_that_never_changes_become_zero() -> None:
    facts = pl.DataFrame(
        {"none": pl.Series([None, None], dtype=pl.Float64), "same": [4, 4], "odd": [math.nan, math.inf]}
    )
    for scaling in ("z_score", "min_max"):
        assert not FactsEncoder(scaling=scaling).fit(facts).matrix(facts).any()
    words = pl.DataFrame({"brand": pl.Series([None, None], dtype=pl.String)})
    assert FactsEncoder(missing_categories="mode").fit(words).matrix(words).shape == (2, 0)


def test_a_model_travels_as_arrays() -> None:
    for encoding in ("one_hot", "ordinal"):
        model = FactsEncoder(encoding=encoding, scaling="min_max").fit(FACTS, TRAIN)
        arrays = model.arrays()
        assert all(array.dtype != object for array in arrays.values())
        again = FactsModel.from_arrays(arrays)
        np.testing.assert_array_equal(again.matrix(FACTS), model.matrix(FACTS))
        assert (again.columns(), again.left_out, again.encoder) == (model.columns(), model.left_out, model.encoder)


def test_errors_name_the_column_and_what_there_is() -> None:
    with pytest.raises(BadInput, match="columns colour; there are price"):
        FactsEncoder(columns=("colour",)).fit(FACTS)
    with pytest.raises(BadInput, match=r"numbers, words or lists of words, got since \(Date\)"):
        FactsEncoder(columns=("since",)).fit(FACTS)
    with pytest.raises(BadInput, match="at least one training row"):
        FactsEncoder().fit(FACTS, np.zeros(6, dtype=bool))
    with pytest.raises(BadInput, match="columns stock"):
        FactsEncoder(columns=("price", "stock")).fit(FACTS).matrix(FACTS.select("price"))
    with pytest.raises(BadKnob, match=r"FactsEncoder.scaling must be one of 'z_score', 'min_max', 'none', got 'l2'"):
        FactsEncoder(scaling="l2")


NUMBERS = st.one_of(st.none(), st.floats(width=32))
WORDS = st.one_of(st.none(), st.text(max_size=4))


@given(
    st.lists(st.tuples(NUMBERS, WORDS, st.lists(WORDS, max_size=3)), min_size=1, max_size=12),
    st.sampled_from(["one_hot", "ordinal"]),
    st.sampled_from(["z_score", "min_max"]),
)
def test_any_facts_give_finite_numbers_and_each_row_its_own(
    rows: list[tuple[float | None, str | None, list[str | None]]], encoding: str, scaling: str
) -> None:
    facts = _facts(rows)
    model = FactsEncoder(encoding=encoding, scaling=scaling, most_categories=3).fit(facts)
    matrix = model.matrix(facts)
    assert matrix.shape == (len(rows), len(model.columns()))
    assert matrix.dtype == np.float32
    assert np.isfinite(matrix).all()
    np.testing.assert_array_equal(model.matrix(facts[:1]), matrix[:1])


def _facts(rows: list[tuple[float | None, str | None, list[str | None]]]) -> Frame:
    schema = pl.Schema({"price": pl.Float64(), "brand": pl.String(), "genres": pl.List(pl.String())})
    return pl.DataFrame(rows, schema=schema, orient="row")
