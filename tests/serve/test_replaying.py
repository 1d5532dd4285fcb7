"""What happened since, from the log and the journal together."""

from pathlib import Path

import polars as pl

from slatewright.events.journal import Journal
from slatewright.events.log import EventLog
from slatewright.events.records import Interaction
from slatewright.serve.replaying import replay

DAY = 86_400_000_000
START = 20_000 * DAY


def event(name: str, day: int) -> Interaction:
    return Interaction(name, "u", "i", "view", START + day * DAY, quantity=2.0)


def names(log: EventLog, journal: Journal, since: int, most: int = 100) -> list[str]:
    return [one.event_id for one in replay(log, journal, START + since * DAY, most)]


def test_logged_and_pending_events_are_read_once_each(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    with Journal(tmp_path / "journal.sqlite") as journal:
        assert names(log, journal, 0) == []
        journal.append([event("old", 0), event("new", 3)])
        journal.flush(log)
        journal.append([event("newest", 4), event("late", 1)])
        assert names(log, journal, 1) == ["late", "new", "newest"]
        assert names(log, journal, 0, most=2) == ["new", "newest"]
        log.append("interactions", journal.pending()["interactions"])  # a flush that died after its commit
        assert names(log, journal, 1) == ["late", "new", "newest"]
        assert replay(log, journal, START + 4 * DAY, 10) == [event("newest", 4)]


def test_times_come_back_as_microseconds(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.append([event("a", 0)])
        journal.flush(log)
        assert log.scan("interactions").select(pl.col("time").dt.epoch("us")).collect().item() == START
        assert replay(log, journal, START, 10)[0].time == START
