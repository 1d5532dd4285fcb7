"""A space of facts: sensible columns by itself, groups side by side, new rows encoded, to disk and back."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput, BadKnob
from slatewright.models.content.fact_features import FactFeatures, FactSpace

FACTS = pl.DataFrame(
    {
        "title": ["red tea mug", "blue tea mug", "red jar", None],
        "shelf": ["tea", "tea", "jar", "jar"],
        "tags": [["a"], ["a", "b"], [], None],
        "price": [1.0, 2.0, 3.0, None],
        "picture": ["https://x/1", "https://x/2", "https://x/3", None],
        "made": [{"by": 1}, {"by": 2}, {"by": 3}, None],
    }
)


def kinds(space: FactSpace) -> list[tuple[str, str]]:
    return [(group.column, group.kind) for group in space.groups]


def test_it_chooses_columns_by_what_they_hold() -> None:
    assert kinds(FactFeatures(text=("title",)).learn(FACTS)) == [
        ("title", "words"),
        ("title", "pieces"),
        ("shelf", "categories"),
        ("tags", "categories"),
        ("price", "numbers"),
    ]
    assert kinds(FactFeatures(columns=("price", "shelf")).learn(FACTS)) == [
        ("price", "numbers"),
        ("shelf", "categories"),
    ]


def test_many_words_or_many_values_make_a_text() -> None:
    many = pl.DataFrame({"name": [f"thing {at}" for at in range(100)], "band": ["under 3 pounds a piece"] * 100})
    assert {group.column for group in FactFeatures(category_weight=0).learn(many).groups} == {"name", "band"}


def test_weights_are_shares_of_the_squared_length() -> None:
    knobs = FactFeatures(("title", "shelf", "price"), ("title",), piece_weight=0, number_weight=0.5, weighting="tfidf")
    space = knobs.learn(FACTS)
    rows = space.matrix(FACTS)
    lengths = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    np.testing.assert_allclose(lengths, [2.5, 2.5, 2.5, 1.0], rtol=1e-6)
    assert rows.shape[1] == space.n_features == len(space.names())
    assert rows.dtype == np.float32


def test_a_weight_of_zero_leaves_the_group_out() -> None:
    nothing = FactFeatures(word_weight=0, piece_weight=0, category_weight=0, number_weight=0).learn(FACTS)
    assert nothing.groups == ()
    assert nothing.matrix(FACTS).shape == (4, 0)


def test_only_the_rows_asked_for_teach() -> None:
    space = FactFeatures(columns=("title",), piece_weight=0, text=("title",)).learn(
        FACTS, np.array([True, False, True, False])
    )
    assert space.names() == ["title:jar", "title:mug", "title:red", "title:tea"]
    assert space.matrix(FACTS)[1].nnz == 2  # "blue" was never seen


def test_a_row_is_encoded_alike_whatever_stands_beside_it() -> None:
    space = FactFeatures().learn(FACTS)
    np.testing.assert_allclose(space.matrix(FACTS[1:2]).toarray(), space.matrix(FACTS)[1:2].toarray(), rtol=1e-6)


def test_a_missing_column_is_unknown_in_every_row() -> None:
    space = FactFeatures().learn(FACTS)
    assert space.matrix(pl.DataFrame(), 3).shape == (3, space.n_features)
    assert space.matrix(FACTS.select("price")).nnz > 0


@pytest.mark.parametrize("weighting", ["tfidf", "bm25"])
def test_arrays_bring_it_back(weighting: str) -> None:
    space = FactFeatures(text=("title",), weighting=weighting).learn(FACTS)
    arrays = {name: np.array(array) for name, array in space.arrays().items()}
    assert all(array.dtype != object for array in arrays.values())
    back = FactSpace.from_arrays(arrays)
    assert back.knobs == space.knobs
    assert back.names() == space.names()
    assert (back.matrix(FACTS) != space.matrix(FACTS)).nnz == 0


def test_no_facts_at_all() -> None:
    space = FactFeatures().learn(pl.DataFrame())
    assert FactSpace.from_arrays(space.arrays()).matrix(pl.DataFrame(), 5).shape == (5, 0)


def test_wrong_knobs_are_refused() -> None:
    with pytest.raises(BadInput, match="there is no colour among title"):
        FactFeatures(columns=("colour",)).learn(FACTS)
    with pytest.raises(BadKnob, match="word_weight must be >= 0"):
        FactFeatures(word_weight=-1)
