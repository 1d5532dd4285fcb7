from dataclasses import replace

import numpy as np
import polars as pl

from slatewright.data.histories import Histories
from slatewright.pipeline import Request
from slatewright.pipeline.request import resolve
from slatewright.testing.town import AS_OF, town, town_pipeline

WORLD = town_pipeline().world


def test_a_known_user_brings_the_trained_history() -> None:
    query = resolve(WORLD, Request(3, AS_OF, "u005"))
    expected = town().histories().items_of(5)
    assert query.history.items.tolist() == expected.tolist()
    assert query.facts == {}  # they are looked up only for a user without a history
    assert not query.is_newcomer


def test_items_in_hand_follow_the_history() -> None:
    query = resolve(WORLD, Request(3, AS_OF, "u005", items=("i002", "nope", "i002")))
    past = town().histories().items_of(5)
    assert query.history.items.tolist() == [*past.tolist(), 2, 2]
    assert query.history.weights[-2:].tolist() == [1, 1]
    assert query.history.times[-2:].tolist() == [AS_OF, AS_OF]
    assert query.history.offsets.tolist() == [0, len(past) + 2]


def test_unknown_names_are_left_out() -> None:
    query = resolve(WORLD, Request(3, AS_OF, "nobody", items=("nope",), exclude=("i001", "nope")))
    assert query.is_newcomer
    assert query.exclude.tolist() == [1]
    assert query.exclude.dtype == np.int32


def test_facts_of_a_user_without_history_are_looked_up_and_the_request_knows_better() -> None:
    assert resolve(WORLD, Request(3, AS_OF, "u060")).facts == {"drinks": "tea"}
    assert resolve(WORLD, Request(3, AS_OF, "u060", facts={"drinks": "coffee"})).facts == {"drinks": "coffee"}


def _facts(request: Request) -> list[dict[str, object]]:
    facts = resolve(WORLD, request).history.facts
    assert facts is not None
    return facts.to_dicts()


def test_a_history_brings_what_is_known_of_its_owner_and_the_request_knows_better() -> None:
    assert _facts(Request(3, AS_OF, "u005")) == [{"drinks": "coffee"}]
    assert _facts(Request(3, AS_OF, "u005", facts={"drinks": "tea", "shoe": "44"})) == [{"drinks": "tea"}]
    assert _facts(Request(3, AS_OF, "nobody")) == [{"drinks": None}]
    assert _facts(Request(3, AS_OF, items=("i002",), facts={"drinks": "tea"})) == [{"drinks": "tea"}]


def test_told_facts_take_the_type_of_the_column() -> None:
    known = pl.DataFrame({"age": [30], "tags": [["a"]], "vip": [True]})
    world = replace(WORLD, known=replace(WORLD.known, histories=Histories.of([[]], facts=known)))
    told = {"age": "41", "tags": "b", "vip": "true"}
    query = resolve(world, Request(3, AS_OF, facts=told))
    assert query.history.facts is not None
    assert query.history.facts.to_dicts() == [{"age": 41, "tags": ["b"], "vip": True}]
    query = resolve(world, Request(3, AS_OF, facts={"age": "old"}))
    assert query.history.facts is not None
    assert query.history.facts["age"].to_list() == [None]


def test_items_in_hand_are_views_among_the_kinds_of_the_past() -> None:
    history = resolve(WORLD, Request(3, AS_OF, "u005", items=("i002",))).history
    assert history.of_kind("view").tolist() == [False] * (len(history.items) - 1) + [True]
