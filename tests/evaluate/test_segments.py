"""Segments of users and of items."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.splits import Cases, cases_of
from slatewright.evaluate.items_known import ItemsKnown
from slatewright.evaluate.segments import MOST, Segment, item_segments, user_segments


def events(takers: dict[str, str]) -> pl.DataFrame:
    """``{"x": "abc"}``: a, b and c took x; item after item, one a day."""
    rows = [(user, item, day * DAY) for day, (item, users) in enumerate(takers.items()) for user in users]
    return pl.DataFrame(rows, schema=["user_id", "item_id", "time"], orient="row")


def town(
    user_facts: dict[str, list[object]] | None = None, item_facts: dict[str, list[object]] | None = None
) -> Dataset:
    return dataset_of(
        events({"x": "abcd", "y": "ab", "z": "a"}),
        user_facts=None if user_facts is None else pl.DataFrame({"user_id": list("abcd"), **user_facts}),
        item_facts=None if item_facts is None else pl.DataFrame({"item_id": list("xyz"), **item_facts}),
        as_of=100 * DAY,
    )


def cases(dataset: Dataset) -> Cases:
    return cases_of(dataset, dataset, np.ones(len(dataset.interactions), dtype=np.bool_), as_of=dataset.as_of)


def told(segments: list[Segment]) -> dict[str, list[int]]:
    return {one.name: np.flatnonzero(one.members).tolist() for one in segments}


def test_users_by_what_they_did_before() -> None:
    assert told(user_segments("history_length", cases(town()))) == {"1 to 4 events": [0, 1, 2, 3]}


def test_users_by_a_fact_the_largest_first_and_the_unknown_last() -> None:
    found = user_segments("Country", cases(town({"country": ["IE", "DE", "DE", None]})))
    assert list(told(found).items()) == [("DE", [1, 2]), ("IE", [0]), ("not known", [3])]


def test_a_fact_of_many_values_has_a_rest() -> None:
    item_facts = pl.DataFrame(
        {"item_id": [f"i{at:02}" for at in range(20)], "brand": [f"b{at:02}" for at in range(20)]}
    )
    dataset = dataset_of(events({f"i{at:02}": "abc"[: 1 + (at < 2)] for at in range(20)}), item_facts=item_facts)
    found = told(item_segments("brand", ItemsKnown(dataset)))
    assert len(found) == MOST + 1
    assert list(found)[:2] == ["b00", "b01"]
    assert len(found["other"]) == 20 - MOST


def test_numbers_are_cut_into_quarters() -> None:
    rows = pl.DataFrame({"item_id": [f"i{at:02}" for at in range(12)], "price": [*range(1, 12), None]})
    found = told(
        item_segments("price", ItemsKnown(dataset_of(events({f"i{at:02}": "a" for at in range(12)}), item_facts=rows)))
    )
    assert list(found) == ["1 to 3.5", "3.5 to 6", "6 to 8.5", "8.5 to 11", "not known"]
    assert found["8.5 to 11"] == [8, 9, 10]
    assert sorted(item for members in found.values() for item in members) == list(range(12))


def test_items_by_popularity_and_age() -> None:
    items = ItemsKnown(town())
    assert told(item_segments("popularity", items)) == {"head": [0], "mid": [1], "tail": [2]}
    assert told(item_segments("age", items)) == {"31 to 180": [0, 1, 2]}


def test_an_item_stands_in_each_of_its_categories() -> None:
    items = ItemsKnown(town(item_facts={"genres": ["Toys|Bath", "Toys", None]}))
    assert told(item_segments("category", items)) == {"Toys": [0, 1], "Bath": [0], "not known": [2]}


def test_a_fact_that_nobody_has_is_refused_and_the_others_are_named() -> None:
    with pytest.raises(BadInput, match="told apart by history_length, country; got 'city'"):
        user_segments("city", cases(town({"country": ["IE"] * 4})))
    with pytest.raises(BadInput, match="told apart by history_length; got 'country'"):
        user_segments("country", cases(town()))
    with pytest.raises(BadInput, match="got 'category', which is known of none"):
        item_segments("category", ItemsKnown(town()))
