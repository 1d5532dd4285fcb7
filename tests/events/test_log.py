import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY, instant
from slatewright.core.errors import BadInput, Busy, NotThere
from slatewright.events.log import EventLog
from slatewright.events.schema import TABLES
from tests.events.examples import NOON, STRANGE_IDS, interactions

WRITER = """
import os, signal, sys, threading
from pathlib import Path
import polars as pl
from slatewright.events.log import EventLog

root, writer, commits, seconds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
if seconds:
    threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
for commit in range(commits):
    rows = {
        "event_id": [f"{writer}-{commit}-{at}" for at in range(10)],
        "time": [86_400_000_000 * at for at in range(10)],
    }
    frame = pl.DataFrame(rows).with_columns(user_id=pl.lit("u"), item_id=pl.lit("i"), kind=pl.lit("view"))
    EventLog(root).append("interactions", frame, transaction=(writer, commit))
    print(commit, flush=True)
"""

FULL_DISK = """
import resource, sys
from pathlib import Path
import polars as pl
from slatewright.core.errors import NotWritten
from slatewright.events.log import EventLog

root, limit, rows = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
ids = pl.int_range(rows, eager=True).hash(seed=1).cast(pl.String)
frame = pl.DataFrame({"event_id": ids, "user_id": ids, "item_id": ids}).with_columns(kind=pl.lit("view"), time=0)
try:
    EventLog(root).append("interactions", frame)
except NotWritten as error:
    print(error)
"""


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def ids(log: EventLog) -> list[str]:
    return sorted(log.scan("interactions").select("event_id").collect()["event_id"])


def test_a_new_log_is_empty(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "log")
    assert log.version("interactions") is None
    assert log.last_transaction("interactions", "journal") is None
    assert log.scan("impressions").collect().schema == TABLES["impressions"]
    assert not (tmp_path / "log").exists()


@pytest.mark.parametrize("table", TABLES)
def test_what_goes_in_comes_out(tmp_path: Path, table: str) -> None:
    strange = list(STRANGE_IDS)
    columns = {
        name: [strange[:3]] * len(strange) if kind == pl.List(pl.String) else strange
        for name, kind in TABLES[table].items()
        if kind in (pl.String, pl.List(pl.String))
    }
    frame = pl.DataFrame({**columns, "time": [NOON] * len(strange)})
    log = EventLog(tmp_path)
    assert log.append(table, frame) == 0
    back = log.scan(table).collect().sort("event_id")
    assert back.schema == TABLES[table]
    assert back.select(*columns).equals(frame.select(*columns).sort("event_id"))
    assert set(back["time"].to_physical()) == {NOON}


def test_scan_takes_from_since_on_and_before_before(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    times = [instant(text) for text in ("1969-12-31T23:59:59.999999", "1970-01-01", "2011-01-01", "2200-06-01")]
    log.append("interactions", interactions(*"abcd").with_columns(time=pl.Series(times)))

    def found(**bounds: int) -> list[str]:
        return sorted(log.scan("interactions", **bounds).collect()["event_id"])

    assert found() == ["a", "b", "c", "d"]
    assert found(since=0) == ["b", "c", "d"]
    assert found(before=0) == ["a"]
    assert found(since=times[2], before=times[3]) == ["c"]
    assert found(since=times[2], before=times[3] + 1) == ["c", "d"]


def test_scan_reads_only_the_days_that_matter(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    for day in range(3):
        log.append("interactions", interactions(str(day), time=NOON + day * MICROSECONDS_PER_DAY))
    plan = log.scan("interactions", since=NOON + MICROSECONDS_PER_DAY, before=NOON + MICROSECONDS_PER_DAY + 1).explain()
    assert plan.count("day=20") == 1


def test_an_older_version_is_what_was_known_then(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    first = log.append("interactions", interactions("a"))
    log.append("interactions", interactions("b"))
    assert log.scan("interactions", version=first).collect()["event_id"].to_list() == ["a"]
    assert ids(log) == ["a", "b"]
    with pytest.raises(NotThere, match="interactions has no version 7"):
        log.scan("interactions", version=7)


def test_a_pinned_log_stays_as_it_was_and_is_only_read(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    log.append("interactions", interactions("a"))
    pinned = log.pinned()
    assert pinned.versions() == {**dict.fromkeys(TABLES), "interactions": 0}
    log.append("interactions", interactions("b"))
    facts = pl.DataFrame({"event_id": ["f"], "item_id": ["i"], "time": [NOON], "facts": ["{}"]})
    log.append("item_updates", facts)
    assert (ids(pinned), ids(log), ids(log.pinned({"interactions": 1}))) == (["a"], ["a", "b"], ["a", "b"])
    assert pinned.scan("item_updates").collect().is_empty()  # it had none then
    assert log.scan("item_updates").collect().height == 1
    for write in (lambda: pinned.append("interactions", interactions("c")), pinned.compact):
        with pytest.raises(BadInput, match="pinned to a version here: it can only be read"):
            write()


def test_a_log_that_ends_shows_nothing_at_or_after_that_instant(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    log.append("interactions", interactions("a", "b", "c"))
    times = log.scan("interactions").sort("event_id").collect()["time"].to_physical().to_list()
    assert ids(log.pinned(ends=times[1])) == [name for name, time in zip("abc", times, strict=True) if time < times[1]]
    assert log.pinned(ends=times[2] + 1).scan("interactions", before=times[1]).collect().height == sum(
        time < times[1] for time in times
    )


def test_a_version_whose_files_were_removed_says_so(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    for name in "ab":
        log.append("interactions", interactions(name))
    log.compact(keep_days=0)
    with pytest.raises(NotThere, match=r"version 0 any more: 1 of its files were removed when the log was compacted"):
        log.scan("interactions", version=0)
    assert ids(log) == ["a", "b"]


def test_a_transaction_number_is_read_back_per_application(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    log.append("interactions", interactions("a"), transaction=("journal", 4))
    log.append("interactions", interactions(), transaction=("stream", 9))
    assert log.last_transaction("interactions", "journal") == 4
    assert log.last_transaction("interactions", "stream") == 9
    assert ids(log) == ["a"]


def test_a_bad_frame_changes_nothing(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    log.append("interactions", interactions("a"))
    with pytest.raises(BadInput):
        log.append("interactions", interactions("b").drop("user_id"))
    assert log.version("interactions") == 0


def test_unlogged_leaves_out_what_is_there(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    assert log.unlogged("interactions", interactions("b"))["event_id"].to_list() == ["b"]
    log.append("interactions", interactions("a", "b"))
    assert log.unlogged("interactions", interactions("a", "c", "b"))["event_id"].to_list() == ["c"]
    assert log.unlogged("interactions", interactions()).is_empty()


def test_compaction_keeps_every_event_and_removes_what_dead_writers_left(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    for name in "abcd":
        log.append("interactions", interactions(name))
    leftover = next((tmp_path / "interactions").glob("day=*")) / "part-00000-of-a-dead-writer.parquet"
    leftover.write_bytes(b"half a file")
    assert ids(log) == ["a", "b", "c", "d"]
    log.compact(keep_days=0)
    assert ids(log) == ["a", "b", "c", "d"]
    assert len(list((tmp_path / "interactions").rglob("*.parquet"))) == 1


def test_the_log_is_busy_while_somebody_writes(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    with log.lock():
        log.append("interactions", interactions("a"))  # the same thread may
        answer = run(
            "import sys\nfrom pathlib import Path\nfrom slatewright.events.log import EventLog\n"
            "with EventLog(Path(sys.argv[1])).lock(wait=False): pass",
            tmp_path,
        )
    assert Busy.__name__ in answer.stderr


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*command, name, "5", "0"], stdout=subprocess.DEVNULL) for name in ("one", "two")]
    assert [writer.wait() for writer in writers] == [0, 0]
    log = EventLog(tmp_path)
    assert ids(log) == sorted(
        f"{name}-{commit}-{at}" for name in ("one", "two") for commit in range(5) for at in range(10)
    )


@pytest.mark.parametrize("seconds", [0.02, 0.05, 0.08, 0.13, 0.21])
def test_a_killed_writer_leaves_whole_commits_only(tmp_path: Path, seconds: float) -> None:
    killed = run(WRITER, tmp_path, "w", 10_000, seconds)
    assert killed.returncode == -9
    log = EventLog(tmp_path)
    said = len(killed.stdout.split())
    there = ids(log)
    commits = {name.rsplit("-", 1)[0] for name in there}
    assert len(there) == len(set(there)) == 10 * len(commits)
    assert said <= len(commits) <= said + 1
    log.append("interactions", interactions("after"))
    assert len(ids(log)) == len(there) + 1


@pytest.mark.parametrize(("limit", "rows"), [(200, 3), (1_500, 3), (4_000, 1_000), (100_000, 100_000)])
def test_a_full_disk_leaves_the_log_as_it_was(tmp_path: Path, limit: int, rows: int) -> None:
    log = EventLog(tmp_path)
    log.append("interactions", interactions("a"))
    answer = run(FULL_DISK, tmp_path, limit, rows)
    assert "interactions could not be written" in answer.stdout
    assert "nothing was added" in answer.stdout
    assert log.version("interactions") == 0
    assert ids(log) == ["a"]
    log.append("interactions", interactions("b"))
    assert ids(log) == ["a", "b"]
