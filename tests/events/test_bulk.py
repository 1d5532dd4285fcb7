"""Bulk writes: many pieces, one commit, the same table as every other writer's."""

from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import BadInput, NotWritten
from slatewright.events.bulk import bulk_append
from slatewright.events.log import EventLog
from tests.events.examples import interactions


def frame(*ids: str, day: int = 0) -> pl.DataFrame:
    rows = {"event_id": ids, "user_id": ids, "item_id": ids, "kind": ["view"] * len(ids)}
    times = [MICROSECONDS_PER_DAY * (day + at) + at for at in range(len(ids))]
    return pl.DataFrame({**rows, "time": times})


def ids(log: EventLog) -> list[str]:
    return sorted(log.scan("interactions").select("event_id").collect()["event_id"])


def test_pieces_are_seen_all_at_once(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    with bulk_append(log, "interactions") as bulk:
        bulk.add(frame("a", "b"))
        bulk.add(frame("c", day=20_000))
        assert ids(log) == []
        assert bulk.commit(transaction=("import", 7)) == 0
        assert bulk.rows == 3
    assert ids(log) == ["a", "b", "c"]
    assert log.last_transaction("interactions", "import") == 7


def test_days_and_times_prune_as_for_other_writers(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    with bulk_append(log, "interactions") as bulk:
        bulk.add(frame("a", "b", "c", "d", day=-1))
        bulk.commit()
    day = MICROSECONDS_PER_DAY
    assert log.scan("interactions", since=0).select("event_id").collect()["event_id"].sort().to_list() == [
        "b",
        "c",
        "d",
    ]
    assert log.scan("interactions", before=day + 2).collect().height == 2
    assert log.scan("interactions", since=day + 2, before=day + 3).select("event_id").collect().item() == "c"


def test_bulk_and_single_appends_share_a_table(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    log.append("interactions", frame("a"))
    with bulk_append(log, "interactions") as bulk:
        bulk.add(frame("b"))
        assert bulk.commit() == 1
    assert log.append("interactions", frame("c")) == 2
    assert ids(log) == ["a", "b", "c"]
    assert log.scan("interactions", version=0).collect().height == 1


@pytest.mark.parametrize("table", ["impressions", "item_updates", "user_updates"])
def test_every_table(table: str, tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    rows = frame("a").with_columns(slate_id=pl.lit("s"), item_ids=pl.lit(pl.Series([["x"]])), facts=pl.lit("{}"))
    with bulk_append(log, table) as bulk:
        bulk.add(rows)
        bulk.commit()
    log.append(table, rows)
    assert log.scan(table).collect().height == 2


def test_what_is_not_committed_leaves_no_file(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    log.append("interactions", frame("a"))
    before = sorted(tmp_path.rglob("*.parquet"))

    def stopped() -> None:
        with bulk_append(log, "interactions") as bulk:
            bulk.add(frame("b", day=3))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert sorted(tmp_path.rglob("*.parquet")) == before
    assert not list(tmp_path.rglob("day=1970-01-04"))
    assert ids(log) == ["a"]


def test_nothing_added_is_no_commit(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    with bulk_append(log, "interactions") as bulk:
        bulk.add(frame())
        assert bulk.commit() is None
    assert log.version("interactions") is None


def test_the_same_rows_as_an_append(tmp_path: Path) -> None:
    one, other = EventLog(tmp_path / "one"), EventLog(tmp_path / "other")
    rows = interactions()
    one.append("interactions", rows)
    with bulk_append(other, "interactions") as bulk:
        bulk.add(rows)
        bulk.commit()
    assert (
        one.scan("interactions")
        .sort("event_id")
        .collect()
        .equals(other.scan("interactions").sort("event_id").collect())
    )


def test_bad_rows_and_a_refusing_disk(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    with bulk_append(log, "interactions") as bulk, pytest.raises(BadInput, match="event_id"):
        bulk.add(frame("a").drop("event_id"))
    (tmp_path / "interactions").write_text("a file where a folder must be")
    with bulk_append(log, "interactions") as bulk:
        bulk.add(frame("a"))
        with pytest.raises(NotWritten, match="nothing was added"):
            bulk.flush()
