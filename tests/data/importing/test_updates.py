import json
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from slatewright.data.importing.updates import as_updates, changes, last_of_day

START = datetime(2020, 1, 1, tzinfo=UTC)


def events(*rows: tuple[str, float, str | None, float | None]) -> pl.DataFrame:
    """Purchases: item, days since the start, title, price."""
    return pl.DataFrame(
        {
            "item_id": [row[0] for row in rows],
            "time": [START + timedelta(days=row[1]) for row in rows],
            "kind": ["purchase"] * len(rows),
            "item:title": [row[2] for row in rows],
            "item:price": [row[3] for row in rows],
        }
    )


def told(frame: pl.DataFrame) -> list[tuple[str, float, dict[str, Any]]]:
    days = last_of_day(frame, "item_id", "item:")
    assert days is not None
    updates = changes([days], "item_id").sort("item_id", "time")
    return [
        (item, (time - START) / timedelta(days=1), json.loads(facts))
        for item, time, facts in updates.select("item_id", "time", "facts").iter_rows()
    ]


def test_only_changes_are_told_with_the_time_they_were_known() -> None:
    assert told(events(("a", 0, "Lamp", 2.0), ("a", 1, "Lamp", 2.0), ("a", 2, "Lamp", 3.0), ("b", 1, "Cup", 1.0))) == [
        ("a", 0.0, {"title": "Lamp", "price": 2.0}),
        ("a", 2.0, {"title": "Lamp", "price": 3.0}),
        ("b", 1.0, {"title": "Cup", "price": 1.0}),
    ]


def test_the_last_word_of_a_day_counts() -> None:
    assert told(events(("a", 0.1, "Lamp", 2.0), ("a", 0.2, "Lamp", 1.5))) == [
        ("a", 0.2, {"title": "Lamp", "price": 1.5})
    ]


def test_what_a_day_does_not_tell_stays() -> None:
    assert told(events(("a", 0, "Lamp", 2.0), ("a", 1, None, 2.0), ("a", 2, None, None))) == [
        ("a", 0.0, {"title": "Lamp", "price": 2.0})
    ]


def test_spellings_of_one_title_are_one() -> None:
    rows = [("a", 0, "Product A", 1.0), ("a", 1, "product  a ", 1.0), ("b", 2, "Product A", 1.0)]
    assert [fact["title"] for _, _, fact in told(events(*rows))] == ["Product A", "Product A"]


def test_returns_tell_nothing() -> None:
    frame = events(("a", 0, "Lamp", 2.0), ("a", 1, "damaged", 0.0)).with_columns(kind=pl.Series(["purchase", "return"]))
    assert told(frame) == [("a", 0.0, {"title": "Lamp", "price": 2.0})]


def test_events_without_facts() -> None:
    assert last_of_day(events().drop("item:title", "item:price"), "item_id", "item:") is None


def test_equal_updates_have_equal_ids() -> None:
    rows = pl.DataFrame({"item_id": ["a", "a", "b"], "time": [START] * 3, "title": ["x", "x", "x"]})
    updates = as_updates(rows, "item_id", ["title"])
    assert updates["item_id"].to_list() == ["a", "b"]
    assert updates["event_id"].n_unique() == 2
