from pathlib import Path

import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.facts import facts_at
from slatewright.events.log import EventLog


def updates(*rows: tuple[str, int, str]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["item_id", "time", "facts"], orient="row")
    return frame.with_columns(event_id=pl.int_range(pl.len()).cast(pl.String) + "-" + pl.col("item_id"))


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    return EventLog(tmp_path)


def test_without_updates_nothing_is_known(log: EventLog) -> None:
    assert facts_at(log, "item_updates", None) is None
    assert facts_at(log, "user_updates", 5) is None


def test_the_last_word_on_each_fact_counts(log: EventLog) -> None:
    rows = updates(("b", 5, '{"price": 2, "title": "B"}'), ("a", 1, '{"price": 1}'), ("b", 7, '{"price": 3.5}'))
    log.append("item_updates", rows)
    facts = facts_at(log, "item_updates", None)
    assert facts is not None
    assert facts.to_dicts() == [
        {"item_id": "a", "price": 1.0, "title": None},
        {"item_id": "b", "price": 3.5, "title": "B"},
    ]


def test_nothing_at_or_after_the_instant_is_known(log: EventLog) -> None:
    log.append("item_updates", updates(("a", 5, '{"price": 1}'), ("a", 7, '{"price": 2}'), ("b", 7, '{"new": 1}')))
    facts = facts_at(log, "item_updates", 7)
    assert facts is not None
    assert facts.to_dicts() == [{"item_id": "a", "price": 1}]


def test_facts_are_text_numbers_truth_and_lists(log: EventLog) -> None:
    text = '{"title": "a \\"b\\"\\n😀", "tags": ["x", "y"],\n "ok": true, "n": null, "item_id": "not this"}'
    log.append("item_updates", updates(("a", 1, text)))
    facts = facts_at(log, "item_updates", None)
    assert facts is not None
    assert facts.to_dicts() == [{"item_id": "a", "title": 'a "b"\n😀', "tags": ["x", "y"], "ok": True, "n": None}]


def test_items_without_a_single_fact_are_still_there(log: EventLog) -> None:
    log.append("item_updates", updates(("a", 1, "{}"), ("b", 2, "{}")))
    facts = facts_at(log, "item_updates", None)
    assert facts is not None
    assert facts["item_id"].to_list() == ["a", "b"]


def test_what_is_no_json_is_named(log: EventLog) -> None:
    log.append("item_updates", updates(("a", 1, "{price: 1}")))
    with pytest.raises(BadInput, match="item_updates has facts that are not JSON objects"):
        facts_at(log, "item_updates", None)
