from datetime import UTC, datetime

import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.events.schema import TABLES, conform, schema_of
from tests.events.examples import interactions


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_an_id_and_a_time(table: str) -> None:
    assert TABLES[table]["event_id"] == pl.String
    assert TABLES[table]["time"] == pl.Datetime("us", "UTC")


def test_conform_adds_what_may_be_missing_and_leaves_out_the_rest() -> None:
    frame = interactions("a").with_columns(extra=1)
    shaped = conform(frame, "interactions")
    assert shaped.schema == TABLES["interactions"]
    assert shaped["value"].to_list() == [1.0]
    assert shaped["slate_id"].to_list() == [None]


@pytest.mark.parametrize(
    "time",
    [
        pl.Series([1_600_000_000_000_000]),
        pl.Series([datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)]),
        pl.Series([datetime(2020, 9, 13, 12, 26, 40)], dtype=pl.Datetime("ms")),  # noqa: DTZ001
        pl.Series([datetime(2020, 9, 13, 14, 26, 40)]).dt.replace_time_zone("Europe/Berlin"),  # noqa: DTZ001
    ],
)
def test_all_ways_to_write_an_instant_are_one_instant(time: pl.Series) -> None:
    shaped = conform(interactions("a").with_columns(time=time), "interactions")
    assert shaped["time"].to_physical().to_list() == [1_600_000_000_000_000]


def test_a_null_value_is_one() -> None:
    frame = interactions("a", "b").with_columns(value=pl.Series([None, 3.0]))
    assert conform(frame, "interactions")["value"].to_list() == [1.0, 3.0]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (
            interactions("a").drop("item_id"),
            "interactions must have the columns item_id, got event_id, user_id, kind, time",
        ),
        (interactions("a", "b").with_columns(user_id=pl.Series(["u", None])), r"user_id must be there .* got 1 of 2"),
        (interactions("a").with_columns(value=pl.lit("much")), "cannot be read as its type"),
        (interactions("a").with_columns(value=pl.lit(float("inf"))), r"interactions\.value must be finite, got 1 of 1"),
        (interactions("a").with_columns(price=pl.lit(float("nan"))), r"interactions\.price must be finite"),
        (interactions("a", time=10**18), r"interactions\.time must lie within the years 1 to 9999, got 1 of 1"),
    ],
)
def test_what_cannot_be_an_event_is_refused(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        conform(frame, "interactions")


def test_there_are_four_tables() -> None:
    assert len(TABLES) == 4
    with pytest.raises(BadInput, match="a table must be one of interactions, impressions"):
        schema_of("clicks")
