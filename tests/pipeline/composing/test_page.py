from typing import Any

import pytest

from slatewright.core.errors import BadKnob, NotThere
from slatewright.models import Popularity
from slatewright.pipeline import LastItems, ModelSource, Page, PopularSource, Recipe, Row, TopCategories


def test_a_title_is_filled_with_words() -> None:
    row = Row("Because you {did} {item}", about=LastItems())
    assert row.titled({"did": "bought", "item": "Tea {category}"}) == "Because you bought Tea {category}"


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (Row("For you"), "for-you"),
        (Row("New in {category}!", about=TopCategories()), "new-in"),
        (Row("新着"), "row"),
        (Row("x", slot="top"), "top"),
    ],
)
def test_the_place_of_a_row_is_made_of_its_title(row: Row, place: str) -> None:
    assert row.place == place


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"title": "Like {item}"}, r"Row\.title may use no word, it is about nothing, got \{item\}"),
        ({"title": "Like {category}", "about": LastItems()}, r"may use \{did\} or \{item\}, got \{category\}"),
        ({"title": "x", "rows": 2}, r"Row\.rows must be 1 for a row that is about nothing, got 2"),
        ({"title": "x", "k": 0}, r"Row\.k must be >= 1, got 0"),
        ({"title": "x", "slot": "a b"}, r"Row\.slot must be letters, digits, - and _, got 'a b'"),
    ],
)
def test_a_row_that_cannot_be_is_refused(knobs: dict[str, Any], message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        Row(**knobs)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((), "Page.rows must be a tuple of at least one Row"),
        ([Row("x")], "Page.rows must be a tuple of at least one Row"),
        ((Row("For you"), Row("For  you!")), "two rows have the slot 'for-you'"),
    ],
)
def test_a_page_that_cannot_be_is_refused(rows: Any, message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        Page(rows)


@pytest.mark.parametrize(
    ("pages", "error", "message"),
    [
        ([Page.usual()], BadKnob, r"Recipe\.pages must be a mapping"),
        ({"a b": Page.usual()}, BadKnob, r"under a name of letters.*got 'a b'"),
        ({"home": Row("x")}, BadKnob, r"Recipe\.pages must hold a Page"),
        ({"home": Page((Row("x", sources=(PopularSource,)),))}, BadKnob, r"must have a method bind\(world\)"),  # type: ignore[arg-type]
        ({"home": Page((Row("x", sources=(ModelSource("taste"),)),))}, NotThere, "asks for the model 'taste'"),
    ],
)
def test_a_recipe_checks_its_pages_before_anything_is_fitted(pages: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Recipe({"popular": Popularity()}, [PopularSource()], pages=pages)
