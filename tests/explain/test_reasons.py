import json

import pytest

from slatewright.explain.reasons import Importance, Part, Reasons, largest_first, weights_of
from slatewright.testing.town import town_pipeline

PARTS = largest_first([Part("i001", "i001", 1.0, 0.5), Part("i002", "i002", None, -2.0), Part("a", "a", 1.0, 0.5)])


def found() -> Reasons:
    return Reasons("i003 for u", "item_pairs", "exact", score=1.0, base=1.75, parts=PARTS)


def test_the_largest_part_comes_first_for_or_against() -> None:
    assert [part.name for part in PARTS] == ["i002", "a", "i001"]


def test_the_gap_is_what_base_and_parts_leave() -> None:
    assert found().gap == pytest.approx(0.25)


def test_a_part_by_its_name() -> None:
    assert found().part("a").contribution == 0.5
    with pytest.raises(KeyError, match="gone"):
        found().part("gone")


def test_titles_are_those_of_the_catalogue() -> None:
    catalogue = town_pipeline().world.catalogue
    assert [part.title for part in found().titled(catalogue).parts] == ["Tea 2", "a", "Coffee 1"]
    counted = Importance("m", "exact", 1, {"item": weights_of({"i001": 1.0}), "age": weights_of({"new": 1.0})})
    assert counted.titled(catalogue).of["item"][0].title == "Coffee 1"
    assert counted.titled(catalogue).of["age"] == counted.of["age"]
    features = Importance("m", "shap", 1, {"feature": weights_of({"i001": 1.0})})
    assert features.titled(catalogue) == features


def test_tables() -> None:
    assert found().frame().columns == ["name", "title", "value", "contribution"]
    assert found().frame()["value"].to_list() == [None, 1.0, 1.0]
    counted = Importance("m", "exact", 3, {"item": weights_of({"a": 1.0, "b": 3.0}), "age": weights_of({"new": 1.0})})
    assert counted.frame().rows() == [("b", "b", 3.0, 0.75), ("a", "a", 1.0, 0.25)]
    assert counted.frame("age")["name"].to_list() == ["new"]
    assert (counted.top().name, counted.top("age").name) == ("b", "new")


def test_without_parts_there_are_still_columns() -> None:
    empty = Reasons("i for u", "m", "exact", 1.0, 1.0, ())
    assert empty.frame().columns == ["name", "title", "value", "contribution"]


def test_json() -> None:
    told = json.loads(json.dumps(found().as_dict()))
    assert told["parts"][0] == {"name": "i002", "title": "i002", "value": None, "contribution": -2.0}
    assert told["gap"] == pytest.approx(0.25)
    assert json.dumps(Importance("m", "shap", 3, {"feature": weights_of({"a": 0.0})}).as_dict())
