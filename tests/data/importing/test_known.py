from pathlib import Path

import polars as pl
import pytest

from slatewright.data.cleaning import Cleaning
from slatewright.data.cleaning.labels import LABEL_SCHEMA
from slatewright.data.importing.known import bought_before, item_merges
from slatewright.data.importing.spill import Spill
from slatewright.events.log import EventLog

NO_MERGES = pl.DataFrame(schema=LABEL_SCHEMA)


def events(*rows: tuple[str, str, int, float]) -> pl.DataFrame:
    """User, item, second, pieces."""
    frame = pl.DataFrame(rows, schema=["user_id", "item_id", "time", "quantity"], orient="row")
    return frame.with_columns(
        pl.col("time").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        kind=pl.lit("purchase"),
        value=pl.col("quantity"),
        event_id=pl.format("{}-{}", "user_id", "time"),
    )


def spilled(folder: Path, rows: pl.DataFrame) -> tuple[pl.Series, Spill]:
    spill = Spill(folder, limit=2)
    for part in rows.iter_slices(2):
        spill.add(part)
    return rows["item_id"].unique(), spill


def test_the_most_frequent_spelling_wins(tmp_path: Path) -> None:
    rows = events(*[("u", "Cup", 1, 1.0)] * 2, *[(f"v{at}", "cup", 2, 1.0) for at in range(3)], ("w", "mug", 3, 1.0))
    merges = item_merges(EventLog(tmp_path / "log"), *spilled(tmp_path, rows))
    assert merges.rows() == [("Cup", "cup", 2)]


def test_a_spelling_of_the_log_wins_over_every_other(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "log")
    log.append("interactions", events(("u", "CUP", 1, 1.0)))
    rows = events(*[(f"v{at}", "cup", 2, 1.0) for at in range(5)])
    assert item_merges(log, *spilled(tmp_path, rows)).rows() == [("cup", "CUP", 5)]


def test_without_two_spellings_there_are_no_merges(tmp_path: Path) -> None:
    items, spill = spilled(tmp_path, events(("u", "cup", 1, 1.0), ("v", "mug", 1, 1.0)))
    assert item_merges(EventLog(tmp_path / "log"), items, spill).equals(NO_MERGES)


@pytest.mark.parametrize(("returns", "found"), [(True, [("u", "a")]), (False, None)])
def test_purchases_of_those_who_return_something(
    tmp_path: Path, returns: bool, found: list[tuple[str, str]] | None
) -> None:
    log = EventLog(tmp_path / "log")
    log.append("interactions", events(("u", "a", 1, 2.0), ("u", "b", 2, 1.0), ("v", "a", 3, 1.0)))
    rows = events(("u", "b", 2, 1.0), ("u", "a", 9, -1.0), ("v", "c", 9, 1.0))  # the first is in the log already
    bought = bought_before(log, rows, Cleaning(returns=returns), NO_MERGES)
    assert (None if bought is None else bought.select("user_id", "item_id").rows()) == found
