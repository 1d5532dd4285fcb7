import numpy as np
import polars as pl
import pytest

from slatewright.data.catalogue import Catalogue
from slatewright.data.dataset import dataset_of

EVENTS = pl.DataFrame({"user_id": ["u", "u", "v"], "item_id": ["a", "b", "a"], "time": [30, 20, 10]})


def catalogue(**columns: object) -> Catalogue:
    facts = pl.DataFrame({"item_id": ["a", "b", "c"]} | columns)
    return Catalogue.of(dataset_of(EVENTS, item_facts=facts, as_of=100))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("category", ["x|y", "y; x ;y", None]),
        ("Categories", [["x", "y"], ["y", "x"], []]),
        ("genres", [["x", "y", None], [" y", "x", ""], None]),
    ],
)
def test_categories_are_read_from_lists_and_from_text(name: str, values: list[object]) -> None:
    found = catalogue(**{name: values})
    assert [found.categories_of(at) for at in range(3)] == [["x", "y"], ["x", "y"], []]
    offsets, items = found.shelves()
    assert (offsets.tolist(), items.tolist()) == ([0, 2, 4], [0, 1, 0, 1])


def test_one_category_may_have_commas_and_spaces() -> None:
    assert catalogue(category=["Home, Garden & Tools", "", "b"]).categories_of(0) == ["Home, Garden & Tools"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("available", [True, False, None]),
        ("stock", [3, 0, None]),
        ("in_stock", ["yes", "Out of stock", None]),
        ("hidden", [False, True, None]),
        ("IsHidden", [0.0, 1.0, None]),
        ("is_hidden", ["false", "true", None]),
    ],
)
def test_what_cannot_be_sold_is_read_from_the_facts(name: str, values: list[object]) -> None:
    assert catalogue(**{name: values}).available.tolist() == [True, False, True]


def test_an_item_is_first_seen_at_its_first_event_and_new_without_any() -> None:
    assert catalogue().first_seen.tolist() == [10, 20, 100]


def test_without_facts_everything_is_for_sale_and_has_its_id_for_a_name() -> None:
    found = Catalogue.of(dataset_of(EVENTS))
    assert found.available.all()
    assert (found.title(1), found.facts_of(1), found.categories_of(1)) == ("b", {}, [])
    assert found.shelves()[0].tolist() == [0]


def test_the_title_is_the_first_name_the_facts_give() -> None:
    found = catalogue(description=["long words", "other words", None], title=["Mug", None, ""])
    assert [found.title(at) for at in range(3)] == ["Mug", "other words", "c"]
    assert found.facts_of(1) == {"description": "other words"}


def test_arrays_make_the_same_catalogue() -> None:
    found = catalogue(category=["x", "y|x", None])
    again = Catalogue(found.items, found.category_names, facts=found.facts, **found.arrays())
    np.testing.assert_array_equal(again.shelves()[1], found.shelves()[1])
    assert again.categories_of(1) == ["x", "y"]
