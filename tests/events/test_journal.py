import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.errors import BadInput, Busy, NotWritten
from slatewright.events import journal_store
from slatewright.events.journal import Events, Journal, Receipt
from slatewright.events.journal_store import Row
from slatewright.events.log import EventLog
from slatewright.events.records import Impression, Interaction
from tests.events.examples import NOON, STRANGE_IDS, interaction, interactions

SERVER = """
import os, signal, sys, threading
from pathlib import Path
from slatewright.events.journal import Journal
from slatewright.events.log import EventLog
from slatewright.events.records import Interaction

root, name, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
journal, log = Journal(root / "journal.sqlite"), EventLog(root)

def flush():
    while True:
        journal.flush(log)

threading.Thread(target=flush, daemon=True).start()
threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
for batch in range(100_000):
    ids = [f"{name}-{batch}-{at}" for at in range(3)]
    journal.append([Interaction(one, "u", "i", "view", 0) for one in ids])
    print(*ids, flush=True)
"""

FULL_DISK = """
import resource, sys
from pathlib import Path
from slatewright.core.errors import NotWritten
from slatewright.events.journal import Journal
from slatewright.events.records import Interaction

with Journal(Path(sys.argv[1])) as journal:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
    taken = 0
    try:
        for batch in range(1000):
            journal.append([Interaction(f"{batch}-{at}", "u" * 500, "i", "view", 0) for at in range(5)])
            taken += 5
    except NotWritten as error:
        print(taken, error, sep="|")
"""


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    return EventLog(tmp_path / "log")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "log" / "journal.sqlite") as opened:
        yield opened


def pending_ids(journal: Journal) -> list[str]:
    return sorted(journal.pending()["interactions"]["event_id"])


def logged_ids(log: EventLog) -> list[str]:
    return sorted(log.scan("interactions").collect()["event_id"])


class DyingLog(EventLog):
    """A log whose writer dies right after the commit."""

    def append(self, table: str, frame: Frame, *, transaction: tuple[str, int] | None = None) -> int:
        super().append(table, frame, transaction=transaction)
        raise KeyboardInterrupt


def test_an_event_is_taken_once(journal: Journal) -> None:
    assert journal.append([interaction("a"), interaction("b"), interaction("a")]) == Receipt(accepted=2, duplicates=1)
    assert journal.append([interaction("b")]) == Receipt(accepted=0, duplicates=1)
    assert journal.append([]) == Receipt(0, 0)
    assert pending_ids(journal) == ["a", "b"]


def test_events_come_back_as_they_were(journal: Journal, log: EventLog) -> None:
    events = [Interaction(one, one, one, one, NOON, 2.5, one, one, 0.1, 3.0) for one in STRANGE_IDS]
    shown = Impression("e", "s", None, STRANGE_IDS, -1, "home", "grid", "b", (), tuple([0.25] * len(STRANGE_IDS)))
    journal.append(events, [shown])
    before = journal.pending()
    assert journal.flush(log) == len(events) + 1
    assert journal.pending()["impressions"].is_empty()
    for table, rows in before.items():
        assert log.scan(table).collect().sort("event_id").equals(rows.sort("event_id"))
    first = before["interactions"].filter(event_id="007").row(0, named=True)
    assert first["item_id"] == "007"
    assert first["quantity"] == 3.0
    assert before["impressions"]["item_ids"][0].to_list() == list(STRANGE_IDS)


def test_a_flushed_event_is_remembered(journal: Journal, log: EventLog) -> None:
    journal.append([interaction("a")])
    assert journal.flush(log) == 1
    assert journal.append([interaction("a")]) == Receipt(0, 1)
    assert journal.flush(log) == 0
    assert logged_ids(log) == ["a"]


def test_two_processes_may_share_a_journal(tmp_path: Path, journal: Journal, log: EventLog) -> None:
    with Journal(tmp_path / "log" / "journal.sqlite") as other:
        assert other.append([interaction("a"), interaction("b")]) == Receipt(2, 0)
        assert journal.append([interaction("a"), interaction("c")]) == Receipt(1, 1)
        assert other.waiting() == journal.waiting() == 3
        assert journal.flush(log) == 3
        assert other.flush(log) == other.waiting() == 0
        other.append([interaction("d")])
        assert other.flush(log) == 1
    assert logged_ids(log) == ["a", "b", "c", "d"]


def test_events_are_forgotten_after_keep_days_but_not_before_they_are_logged(tmp_path: Path, log: EventLog) -> None:
    now = [NOON]
    with Journal(tmp_path / "journal.sqlite", keep_days=2, clock=lambda: now[0]) as journal:
        journal.append([interaction("a"), interaction("the newest row stays")])
        now[0] += 5 * MICROSECONDS_PER_DAY
        assert journal.append([interaction("a")]) == Receipt(0, 1)
        journal.flush(log)
        assert journal.append([interaction("a")]) == Receipt(1, 0)


def test_a_flush_that_died_after_its_commit_doubles_nothing(tmp_path: Path, journal: Journal, log: EventLog) -> None:
    journal.append([interaction("a")])
    with pytest.raises(KeyboardInterrupt):
        journal.flush(DyingLog(log.root))
    assert pending_ids(journal) == ["a"]
    journal.append([interaction("b")])
    with Journal(log.root / "journal.sqlite") as restarted:
        restarted.flush(log)
        assert pending_ids(restarted) == []
    assert logged_ids(log) == ["a", "b"]


def test_a_flush_that_died_before_its_commit_loses_nothing(journal: Journal, log: EventLog) -> None:
    journal.append([interaction("a")])
    with pytest.raises(NotWritten):
        journal.flush(EventLog(log.root / "journal.sqlite"))  # a file where a folder should be
    assert pending_ids(journal) == ["a"]
    assert journal.flush(log) == 1
    assert logged_ids(log) == ["a"]


def test_a_new_journal_beside_an_old_log_loses_nothing(tmp_path: Path, log: EventLog) -> None:
    for name in ("a", "b"):
        with Journal(tmp_path / f"{name}.sqlite") as journal:
            journal.append([interaction(name)])
            assert journal.flush(log) == 1
    assert logged_ids(log) == ["a", "b"]


def test_an_import_of_pending_events_doubles_nothing(journal: Journal, log: EventLog) -> None:
    journal.append([interaction("a"), interaction("b")])
    log.append("interactions", interactions("a"))
    assert journal.flush(log) == 1
    assert logged_ids(log) == ["a", "b"]


def test_a_flush_does_not_wait_for_an_import_unless_told_to(journal: Journal, log: EventLog) -> None:
    journal.append([interaction("a")])
    errors: list[Busy] = []

    def flush() -> None:
        try:
            journal.flush(log, wait=False)
        except Busy as error:
            errors.append(error)

    with log.lock():
        other = threading.Thread(target=flush)
        other.start()
        other.join()
    assert len(errors) == 1
    assert pending_ids(journal) == ["a"]


def test_many_threads_share_commits(journal: Journal, log: EventLog) -> None:
    receipts: list[Receipt] = []

    def post(thread: int) -> None:
        pairs = ([interaction(f"{thread}-{at}"), interaction(f"shared-{at}")] for at in range(20))
        receipts.extend(journal.append(pair) for pair in pairs)

    threads = [threading.Thread(target=post, args=(thread,)) for thread in range(6)]
    for thread in threads:
        thread.start()
    journal.flush(log)
    for thread in threads:
        thread.join()
    journal.flush(log)
    assert sum(receipt.accepted for receipt in receipts) == 6 * 20 + 20
    assert sum(receipt.duplicates for receipt in receipts) == 5 * 20
    assert len(logged_ids(log)) == len(set(logged_ids(log))) == 6 * 20 + 20


def test_an_interrupted_commit_takes_nothing(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    add = journal._store._add

    def interrupted(rows: Sequence[Row]) -> set[tuple[str, str]]:
        if rows[0][1] == "b":
            raise KeyboardInterrupt
        return add(rows)

    monkeypatch.setattr(journal_store, "_INSERT", {1: journal_store._INSERT[1]})  # a statement for each row
    monkeypatch.setattr(journal._store, "_add", interrupted)
    with pytest.raises(KeyboardInterrupt):
        journal.append([interaction("a"), interaction("b")])
    assert pending_ids(journal) == []
    assert journal.append([interaction("a"), interaction("c")]) == Receipt(2, 0)


def test_requests_share_a_commit_and_one_that_cannot_be_written_is_left_out_alone(journal: Journal) -> None:
    broken = Interaction("bad", "u", "i", "view", 0, session_id="\ud83d")
    shown = Impression("a", "slate", "u", ("i",), NOON)
    told = journal.append_together(
        [
            Events([interaction("a"), interaction("b")]),
            Events([interaction("never"), broken]),
            Events(),
            Events([interaction("b"), interaction("c"), interaction("c")], [shown]),
        ]
    )
    assert isinstance(told[1], BadInput)
    assert [told[0], *told[2:]] == [Receipt(2, 0), Receipt(0, 0), Receipt(2, 2)]
    assert pending_ids(journal) == ["a", "b", "c"]
    assert list(journal.pending()["impressions"]["event_id"]) == ["a"]


@settings(max_examples=20)
@given(
    requests=st.lists(st.lists(st.integers(0, 40), max_size=9), max_size=6),
    before=st.sets(st.integers(0, 40)),
    sizes=st.sampled_from([[1], [1, 8], [1, 8, 64]]),
)
def test_of_many_requests_each_event_counts_for_the_first_that_brings_it(
    requests: list[list[int]], before: set[int], sizes: list[int]
) -> None:
    few = {many: journal_store._INSERT[many] for many in sizes}
    with (
        tempfile.TemporaryDirectory() as folder,
        Journal(Path(folder) / "journal.sqlite") as journal,
        patch.object(journal_store, "_INSERT", few),
    ):
        journal.append([interaction(str(one)) for one in before])
        told = journal.append_together([Events([interaction(str(one)) for one in some]) for some in requests])
        known = {str(one) for one in before}
        for some, receipt in zip(requests, told, strict=True):
            new = {str(one) for one in some} - known
            known |= new
            assert receipt == Receipt(len(new), len(some) - len(new))
        assert pending_ids(journal) == sorted(known)


def test_text_that_is_no_unicode_is_refused_alone(journal: Journal) -> None:
    with pytest.raises(BadInput, match="event 'b' cannot be written"):
        journal.append([interaction("a"), Interaction("b", "u", "i", "view", 0, session_id="\ud83d")])
    assert pending_ids(journal) == []


def test_a_journal_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(NotWritten, match="not a database"):
        Journal(tmp_path / "journal.sqlite")


def test_sqlite_waits_for_the_disk(journal: Journal) -> None:
    connection: sqlite3.Connection = journal._store._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_killed_server_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Kill a process that takes and flushes events again and again, and compare with what it acknowledged."""
    acknowledged: set[str] = set()
    for round_, seconds in enumerate((0.03, 0.06, 0.1, 0.17, 0.29, 0.41)):
        command = [sys.executable, "-c", SERVER, str(tmp_path), f"r{round_}", str(seconds)]
        killed = subprocess.run(command, capture_output=True, text=True, check=False)
        assert killed.returncode == -9, killed.stderr
        acknowledged.update(killed.stdout.split())
    log = EventLog(tmp_path)
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.flush(log)
    there = logged_ids(log)
    assert len(there) == len(set(there))
    assert acknowledged <= set(there)
    assert len(acknowledged) > 20
    assert len(set(there) - acknowledged) <= 3 * 6 * 2  # at most the batch in flight, and a line cut in two, per kill


@pytest.mark.parametrize("limit", [30_000, 120_000])
def test_a_full_disk_refuses_the_event_and_keeps_the_others(tmp_path: Path, limit: int) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "journal.sqlite"), str(limit)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    taken, message = answer.stdout.split("|")
    assert "nothing was taken. Is the disk full?" in message
    with Journal(tmp_path / "journal.sqlite") as journal:
        assert len(pending_ids(journal)) == int(taken)
        assert journal.append([interaction("after")]) == Receipt(1, 0)


def test_rows_are_numbered_as_they_arrive_and_read_from_any_number_on(journal: Journal, log: EventLog) -> None:
    assert journal.newest() == 0
    assert journal.after(0).tables() == {}
    journal.append([interaction("a"), interaction("b")])
    journal.append([interaction("b"), interaction("c")], [Impression("s", "slate", "u", ("i",), NOON)])
    journal.flush(log)
    arrived = journal.after(0)
    assert (arrived.journal, arrived.after, arrived.upto) == (journal.name, 0, journal.newest())
    assert list(arrived.tables()["interactions"]["event_id"]) == ["a", "b", "c"]
    assert list(arrived.tables()["impressions"]["event_id"]) == ["s"]
    some = journal.after(1, limit=1)
    assert list(some.tables()["interactions"]["event_id"]) == ["b"]
    assert list(journal.after(some.upto).tables()["interactions"]["event_id"]) == ["c"]


def test_a_number_is_never_given_twice_and_what_is_forgotten_is_said(tmp_path: Path, log: EventLog) -> None:
    now = NOON
    with Journal(tmp_path / "short.sqlite", keep_days=1, clock=lambda: now) as journal:
        assert journal.reaches_back_to(0)
        journal.append([interaction("a"), interaction("b")])
        newest = journal.newest()
        now += 2 * MICROSECONDS_PER_DAY
        journal.flush(log)
        assert journal.newest() == newest
        assert journal.reaches_back_to(newest)
        assert not journal.reaches_back_to(0)
        journal.append([interaction("c")])
        assert journal.newest() > newest
        assert not journal.reaches_back_to(journal.newest() + 1)
