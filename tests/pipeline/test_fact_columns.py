import polars as pl
import pytest

from slatewright.pipeline.fact_columns import NOBODYS, Words, lists_of, nearest, texts_in, type_of_value, types_of


def test_texts_have_numbers_from_one_on() -> None:
    words = Words()
    assert [words.number(text) for text in ("a", "b", "a")] == [1, 2, 1]
    assert (words.find("b"), words.find("c"), words.find(None)) == (2, NOBODYS, NOBODYS)
    assert words.names == ["", "a", "b"]


def test_lists_say_which_items_have_any_of_some_texts() -> None:
    lists = lists_of([[1, 2], [], [3], [2, 3]])
    assert lists.having([2]).tolist() == [True, False, False, True]
    assert lists.having([1, 3]).tolist() == [True, False, True, True]
    assert lists.having([NOBODYS]).tolist() == [False] * 4
    assert lists.having([]).tolist() == [False] * 4


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("a|b; c", ("a", "b", "c")),
        ("", ()),
        (None, ()),
        (["a ", None, ""], ("a",)),
        (pl.Series(["x", "y"]), ("x", "y")),
    ],
)
def test_the_texts_of_a_value(value: object, texts: tuple[str, ...]) -> None:
    assert texts_in(value) == texts


def test_the_type_of_a_value_and_of_a_column_agree() -> None:
    values: list[object] = [1, 2.5, True, "a", ["a", "b"]]
    frame = pl.DataFrame({str(at): [value] for at, value in enumerate(values)})
    assert [type_of_value(value) for value in values] == list(types_of(frame.schema).values())
    assert types_of({"a": pl.String(), "b": pl.Duration(), "c": pl.Date()}, several="a") == {"a": "texts", "c": "time"}
    none: list[object] = [None, {}, [1], float("nan"), 10**400]
    assert [type_of_value(value) for value in none] == [None] * 5


def test_a_name_is_told_with_the_known_one_that_it_is_like() -> None:
    assert nearest({"pirce", "zzz"}, {"price", "title"}) == {"pirce": "price", "zzz": None}
    assert nearest({"pirce", "zzz"}, (), 1) == {"pirce": None}
