"""Words, pieces of words and categories; the pieces are those of scikit-learn."""

import polars as pl
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from slatewright.data.idmap import IdMap
from slatewright.models.content.tokens import categories, counts, piece_counts, pieces, words


def rows(tokens: pl.DataFrame) -> list[tuple[int, str]]:
    return list(zip(tokens["row"].to_list(), tokens["token"].to_list(), strict=True))


def test_words_are_in_lower_case_and_nothing_gives_none() -> None:
    fact = pl.Series("title", ["Red T-Light", None, "", "ÉTÉ red"])
    assert rows(words(fact)) == [(0, "red"), (0, "t"), (0, "light"), (3, "été"), (3, "red")]


@pytest.mark.parametrize(
    "fact",
    [
        pl.Series(["tea|mug", "tea; gift ", None, "", "| "]),
        pl.Series([["tea", "mug"], ["tea", "gift"], None, [], [None, ""]], dtype=pl.List(pl.String)),
    ],
)
def test_categories_may_be_one_text_or_a_list(fact: pl.Series) -> None:
    assert rows(categories(fact)) == [(0, "tea"), (0, "mug"), (1, "tea"), (1, "gift")]


def test_categories_may_be_yes_or_no_and_numbers_in_lists() -> None:
    assert rows(categories(pl.Series([True, None, False]))) == [(0, "true"), (2, "false")]
    assert rows(categories(pl.Series([[3, 5], [5]]))) == [(0, "3"), (0, "5"), (1, "5")]


@pytest.mark.parametrize("word", ["a", "ab", "abc", "banana", "été", "ab1_x"])
def test_pieces_are_those_of_scikit_learn(word: str) -> None:
    expected = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5)).build_analyzer()(word)
    assert sorted(pieces(pl.Series([word]))["token"]) == sorted(expected)


def test_counts_are_per_row_and_name() -> None:
    tokens = words(pl.Series(["tea tea mug", "jar", "mug"]))
    assert counts(tokens, 3, IdMap.of(["mug", "tea"])).toarray().tolist() == [[1, 2], [0, 0], [1, 0]]


def test_piece_counts_equal_those_of_each_text() -> None:
    texts = ["tea tea mug", "", "teapot"]
    counted, names = piece_counts(words(pl.Series(texts)), 3, None)
    oracle = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5))
    expected = oracle.fit_transform(texts).toarray()
    assert list(names) == list(oracle.get_feature_names_out())
    assert (counted.toarray() == expected).all()
    some, _ = piece_counts(words(pl.Series(["teapots"])), 1, names)
    assert (some.toarray() == oracle.transform(["teapots"]).toarray()).all()
