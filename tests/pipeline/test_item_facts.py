import gc

import numpy as np
import pytest

from slatewright.core.arrays import Index
from slatewright.core.errors import BadInput
from slatewright.pipeline.fact_columns import Lists
from slatewright.pipeline.item_facts import ItemFacts
from tests.pipeline.policy.worlds import ITEMS, small_world


def numbers_of() -> dict[str, int]:
    """The index of each item of the small shop by its name."""
    items = small_world().catalogue.items
    return {name: int(items.locate([name])[0][0]) for name in ITEMS["item_id"]}


def test_types_are_those_that_expressions_know() -> None:
    assert small_world().item_facts.types == {
        "id": "text", "first_seen": "time", "sellable": "truth", "price": "number", "cost": "number", "brand": "text",
        "category": "texts", "adult": "truth", "markets": "texts", "tags": "text", "released": "time",
        "launched": "text", "odd name": "number", "stock": "number",
    }  # fmt: skip


def test_facts_that_nobody_knows_are_told_with_a_name_that_is_like_them() -> None:
    facts = small_world().item_facts
    assert facts.unheard(["price", "odd name", "STOCK", "is_hidden", "Hidden"]) == {}
    assert facts.unheard(["pirce", "stok", "zzz", "sellable"]) == {
        "pirce": "price", "sellable": "is_available", "stok": "stock", "zzz": None,
    }  # fmt: skip


def test_what_can_be_sold_follows_every_fact_that_says_so() -> None:
    facts, at = small_world().item_facts, numbers_of()
    assert not facts.available[at["i1"]]
    facts.update({at["i1"]: {"stock": 7}, at["i0"]: {"hidden": True}, at["i2"]: {"price": 3}})
    assert facts.available[at["i1"]]
    assert not facts.available[at["i0"]]
    assert facts.available[at["i2"]]
    facts.update({at["i0"]: {"hidden": False}})
    assert facts.available[at["i0"]]


def test_a_column_made_after_an_update_is_that_made_before() -> None:
    early, late, at = small_world().item_facts, small_world().item_facts, numbers_of()
    names = ("price", "brand", "adult", "markets", "tags", "released")
    for name in names:
        early.column(name)
        early.lists("tags")
        early.missing(name)
    told: dict[int, dict[str, object]] = {
        at["i2"]: {"price": 2.5, "brand": "Dora", "adult": True, "markets": ["US", " "], "tags": "a;b"},
        at["i3"]: {"released": "2026-01-01"},
    }
    for facts in (early, late):
        facts.update(told)
    for name in names:
        one, other = early.column(name), late.column(name)
        if isinstance(one, Lists):
            assert one.offsets.tolist() == other.offsets.tolist()
        elif name != "brand" and name != "tags":  # numbers of words may differ
            np.testing.assert_array_equal(one, other)
        assert early.missing(name).tolist() == late.missing(name).tolist()
    assert early.words.names[early.column("brand")[at["i2"]]] == "Dora"
    tags = early.lists("tags")
    start, stop = tags.offsets[at["i2"]], tags.offsets[at["i2"] + 1]
    assert [early.words.names[code] for code in tags.codes[start:stop]] == ["a", "b"]


@pytest.mark.parametrize(
    ("fact", "value", "must"),
    [
        ("price", "cheap", "a number"),
        ("price", True, "a number"),
        ("price", None, "a number"),
        ("price", float("inf"), "a number"),
        ("adult", 1, "true or false"),
        ("brand", 3, "a text"),
        ("brand", ["a"], "a text"),
        ("markets", [1], "a list of texts"),
        ("released", "soon", "ISO-8601"),
        ("released", 3, "a time"),
        ("new", None, "a number, a text, a list of texts, true or false"),
        ("new", {"a": 1}, "a number, a text, a list of texts, true or false"),
    ],
)
def test_a_value_of_another_type_changes_nothing(fact: str, value: object, must: str) -> None:
    facts = small_world().item_facts
    with pytest.raises(BadInput, match=must):
        facts.update({0: {"brand": "changed", fact: value}, 1: {"brand": "changed"}})
    assert facts.facts_of(1).get("brand") != "changed"


def test_listeners_hear_of_items_for_as_long_as_they_live() -> None:
    class Listening:
        def __init__(self) -> None:
            self.heard: list[list[int]] = []

        def refresh(self, items: Index) -> None:
            self.heard.append(items.tolist())

    facts, one = ItemFacts(small_world().catalogue), Listening()
    facts.listen(one)
    facts.update({3: {"price": 1}, 1: {"price": 2}})
    assert one.heard == [[3, 1]]
    heard = one.heard
    del one
    gc.collect()
    facts.update({3: {"price": 2}})
    assert len(heard) == 1


def test_the_mark_is_that_of_what_was_told_in_whatever_order() -> None:
    at = numbers_of()
    one, other = small_world().item_facts, small_world().item_facts
    assert one.mark == other.mark == 0
    one.update({at["i0"]: {"price": 3.0, "hidden": True}})
    before = one.mark
    one.update({at["i1"]: {"price": 4.0}})
    one.update({at["i0"]: {"price": 5.0}})
    other.update({at["i1"]: {"price": 4.0}, at["i0"]: {"price": 5.0, "hidden": True}})
    assert before != one.mark == other.mark
    with pytest.raises(BadInput):
        one.update({at["i0"]: {"price": "dear"}})
    assert one.mark == other.mark
    one.update({at["i1"]: {"price": 5.0}, at["i0"]: {"price": 4.0}})
    assert one.mark != other.mark
