"""Features of one column: TF-IDF as scikit-learn has it, BM25 by hand, numbers between knots."""

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from slatewright.models.content.groups import NumberGroup, TokenGroup

TEXTS = ["red mug", "red tea mug", "blue jar", "red red teapot"]
LIMITS = {"least": 1, "most": 100}


def test_words_weigh_as_in_scikit_learn() -> None:
    group = TokenGroup.fit(pl.Series("title", TEXTS), "words", bm25=False, **LIMITS)
    oracle = TfidfVectorizer(token_pattern=r"(?u)\w+")  # noqa: S106  # a pattern, not a password
    np.testing.assert_allclose(
        group.matrix(pl.Series("title", TEXTS)).toarray(), oracle.fit_transform(TEXTS).toarray(), rtol=1e-6
    )
    assert group.names() == [f"title:{word}" for word in oracle.get_feature_names_out()]
    later = ["red jar jar of tea", "unheard of"]
    np.testing.assert_allclose(
        group.matrix(pl.Series("title", later)).toarray(), oracle.transform(later).toarray(), rtol=1e-6
    )


def test_pieces_weigh_as_in_scikit_learn() -> None:
    group = TokenGroup.fit(pl.Series("title", TEXTS), "pieces", bm25=False, **LIMITS)
    oracle = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))
    np.testing.assert_allclose(
        group.matrix(pl.Series("title", TEXTS)).toarray(), oracle.fit_transform(TEXTS).toarray(), rtol=1e-6
    )


def test_bm25_by_hand() -> None:
    group = TokenGroup.fit(pl.Series("t", ["a a b", "b"]), "words", bm25=True, **LIMITS)
    rare, common = np.log(3 / 2) + 1, 1.0  # two texts; a is in one of them, b in both
    long, short = 1.2 * (0.25 + 0.75 * 3 / 2), 1.2 * (0.25 + 0.75 * 1 / 2)  # the mean text has two words
    expected = np.array([[2 * 2.2 / (2 + long) * rare, 2.2 / (1 + long) * common], [0, 2.2 / (1 + short) * common]])
    expected /= np.linalg.norm(expected, axis=1).mean()
    np.testing.assert_allclose(group.matrix(pl.Series("t", ["a a b", "b"])).toarray(), expected, rtol=1e-6)


def test_rare_tokens_and_those_beyond_the_most_frequent_are_left_out() -> None:
    fact = pl.Series("t", ["a b c", "a b", "a"])
    assert TokenGroup.fit(fact, "words", bm25=False, least=2, most=9).names() == ["t:a", "t:b"]
    assert TokenGroup.fit(fact, "words", bm25=False, least=1, most=1).names() == ["t:a"]


def test_a_number_lies_between_knots() -> None:
    values = pl.Series("price", np.arange(1001.0))
    group = NumberGroup.fit(values)
    assert len(group.knots) == 32
    middle = float(group.knots[3] * 0.25 + group.knots[4] * 0.75)
    row = group.matrix(pl.Series("price", [middle, -5.0, 1e9, None])).toarray()
    np.testing.assert_allclose(row[0, 3:5] / row[0, 4], [1 / 3, 1], rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(row, axis=1), [1, 1, 1, 0], rtol=1e-6)
    assert row[1, 0] == row[2, -1] == 1  # beyond the knots it counts as the last


def test_a_category_that_all_have_tells_nothing() -> None:
    assert TokenGroup.fit(pl.Series("on", [True, True]), "categories", bm25=False, **LIMITS).names() == []
    assert TokenGroup.fit(pl.Series("on", [True, None]), "categories", bm25=False, **LIMITS).names() == ["on=true"]


def test_few_values_are_a_knot_each() -> None:
    group = NumberGroup.fit(pl.Series("age", [18, 25, 35, 25]))
    assert group.names() == ["age≈18", "age≈25", "age≈35"]
    assert group.matrix(pl.Series("age", [25, 35])).toarray().tolist() == [[0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize("values", [[None, None], [], [7.0, 7.0], [float("nan"), float("inf")]])
def test_numbers_that_say_nothing(values: list[float | None]) -> None:
    fact = pl.Series("x", values, dtype=pl.Float64)
    rows = NumberGroup.fit(fact).matrix(fact)
    assert rows.shape[0] == len(values)
    assert np.isfinite(rows.toarray()).all()


def test_times_are_numbers() -> None:
    for fact in (
        pl.Series("since", [date(2024, 1, 1), None, date(2024, 3, 1)]),
        pl.Series("since", [datetime(2024, 1, 1, tzinfo=UTC), None, datetime(2024, 3, 1, tzinfo=UTC)]),
    ):
        assert NumberGroup.fit(fact).matrix(fact).toarray().tolist() == [[1, 0], [0, 0], [0, 1]]
