from dataclasses import replace

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.pipeline.teaching.besides import Besides, earlier
from tests.pipeline.teaching.test_questions import EVENTS, MINUTE, dataset

NOW = pl.DataFrame({"price": [1.0, 2.0, 3.0, 4.0], "colour": ["red", "red", "blue", "blue"]})  # of w, x, y, z
KNOWN = replace(dataset(EVENTS), item_facts=NOW)


def facts(then: int) -> tuple[Frame | None, Frame | None]:
    assert then == 61 * MINUTE
    return pl.DataFrame({"item_id": ["y", "x", "gone"], "price": [30, 20, 50], "size": ["s", "m", "l"]}), None


def test_only_the_events_before_are_left_and_ids_stay() -> None:
    early = earlier(KNOWN, 61 * MINUTE, Besides())
    assert early.interactions.time.max() == 60 * MINUTE
    assert early.as_of == 61 * MINUTE
    assert early.items is KNOWN.items
    assert early.item_facts is NOW


def test_facts_are_those_of_then_under_the_names_of_now() -> None:
    early = earlier(KNOWN, 61 * MINUTE, Besides(facts=facts))
    assert early.item_facts.schema == NOW.schema
    assert early.item_facts["price"].to_list() == [None, 20.0, 30.0, None]
    assert early.item_facts["colour"].null_count() == 4
    assert early.user_facts.width == 0
    assert early.facts_until == 61 * MINUTE


def test_nothing_known_then_is_all_null() -> None:
    early = earlier(KNOWN, 61 * MINUTE, Besides(facts=lambda then: (None, None)))
    assert early.item_facts.height == 4
    assert early.item_facts["price"].null_count() == 4
