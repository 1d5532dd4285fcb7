"""Every row is accounted for, the same rows twice add nothing, and a log is never left half written."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, Busy
from slatewright.data.cleaning import Cleaning
from slatewright.data.importer import EventFiles, ImportReport, import_events
from slatewright.events.log import EventLog
from slatewright.events.writer_lock import writer_lock

NOW = instant("2024-06-01")


def run(folder: Path, *files: Path, cleaning: Cleaning | None = None, **knobs: Any) -> ImportReport:
    report = import_events(
        EventLog(folder / "log"),
        [str(file) for file in files],
        cleaning or Cleaning(),
        quarantine=folder / "quarantine",
        now=NOW,
        settings=EventFiles(**knobs),
    )
    assert report.read == report.kept + report.merged + report.quarantined
    return report


def write(path: Path, *lines: str, header: str = "user,item,event,time") -> Path:
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def logged(folder: Path) -> pl.DataFrame:
    return EventLog(folder / "log").scan("interactions").sort("time", "user_id", "item_id").collect()


def contents(folder: Path) -> list[str]:
    """Every file below a folder, but for lock files."""
    return sorted(str(path) for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


def test_a_few_rows_by_hand(tmp_path: Path) -> None:
    file = write(
        tmp_path / "e.csv",
        "007,a,view,2024-01-01T10:00:00Z",
        "007,a,view,2024-01-01T10:00:00Z",  # exact repeat
        ",a,view,2024-01-01T10:00:00Z",  # nobody
        "007,b,addtocart,2024-01-01T10:01:00Z",
        "007,b,buy,sometime",  # no time
        "anna,A,view,2200-01-01",  # impossible
        "anna,a,view,1970-01-01",  # impossible
    )
    report = run(tmp_path, file)
    assert (report.read, report.kept, report.merged, report.quarantined) == (7, 2, 1, 4)
    assert logged(tmp_path).select("user_id", "item_id", "kind").rows() == [("007", "a", "view"), ("007", "b", "cart")]
    assert report.quarantine is not None
    aside = pl.read_parquet(report.quarantine).sort("row")
    assert aside["row"].to_list() == [3, 5, 6, 7]
    assert aside["file"].unique().to_list() == [str(file)]
    assert aside["reason"][1] == "time is no time: sometime"
    assert report.files == {str(file): 7}
    assert report.reasons["no user_id"] == 1


def test_the_same_import_again_adds_nothing(tmp_path: Path) -> None:
    file = write(tmp_path / "e.csv", "u,a,view,2024-01-01", "u,b,buy,2024-01-02", "v,a,view,bad")
    first = run(tmp_path, file)
    version = EventLog(tmp_path / "log").version("interactions")
    again = run(tmp_path, file)
    assert (again.kept, again.already_logged, again.quarantined) == (0, 2, 1)
    assert EventLog(tmp_path / "log").version("interactions") == version
    assert again.quarantine == first.quarantine


def test_a_grown_file_adds_what_is_new(tmp_path: Path) -> None:
    run(tmp_path, write(tmp_path / "e.csv", "u,a,view,2024-01-01"))
    report = run(tmp_path, write(tmp_path / "e.csv", "u,a,view,2024-01-01", "u,b,view,2024-01-03"))
    assert (report.kept, report.already_logged) == (1, 1)
    assert logged(tmp_path)["item_id"].to_list() == ["a", "b"]


def test_a_repeat_is_known_in_another_format_and_with_other_columns(tmp_path: Path) -> None:
    rows = pl.DataFrame({"user": ["1", "2"], "item": ["7", "8"], "rating": [4, 5], "time": [1_700_000_000] * 2})
    rows.write_csv(tmp_path / "e.csv")
    numbers = rows.with_columns(pl.col("user", "item").cast(pl.Int64), price=pl.lit(None, dtype=pl.Float64))
    numbers.write_parquet(tmp_path / "e.parquet")
    assert run(tmp_path, tmp_path / "e.csv").kept == 2
    assert run(tmp_path, tmp_path / "e.parquet").already_logged == 2


def test_files_of_different_columns_and_formats_in_one_import(tmp_path: Path) -> None:
    csv = write(tmp_path / "a.csv", "u,a,view,2024-01-01")
    rows = pl.DataFrame({"customer_id": [7], "sku": ["b"], "quantity": [2], "timestamp": [1_700_000_000_000]})
    rows.write_parquet(tmp_path / "b.parquet")
    report = run(tmp_path, csv, tmp_path / "b.parquet")
    assert report.kept == 2
    assert set(logged(tmp_path).select("user_id", "kind", "quantity").rows()) == {
        ("u", "view", None),
        ("7", "purchase", 2.0),
    }


def test_event_ids_of_the_file_are_kept_and_unique(tmp_path: Path) -> None:
    header = "event_id,user,item,event,time"
    lines = ["x,u,a,view,2024-01-01", "x,u,b,view,2024-01-02", "x,v,b,view,2024-01-02", ",w,b,view,2024-01-02"]
    report = run(tmp_path, write(tmp_path / "e.csv", *lines, header=header))
    assert (report.kept, report.merged) == (2, 2)
    ids = logged(tmp_path)["event_id"]
    assert ids.n_unique() == 2
    assert "x" in ids


def test_event_ids_are_unique_over_partitions(tmp_path: Path) -> None:
    lines = [f"x{at % 1500},u{at},a,view,2024-01-01" for at in range(3000)]
    file = write(tmp_path / "e.csv", *lines, header="event_id,user,item,event,time")
    assert run(tmp_path, file, batch_events=1000).kept == 1500


def test_repeats_that_are_wanted_are_kept_and_still_known(tmp_path: Path) -> None:
    file = write(tmp_path / "e.csv", *["u,a,buy,2024-01-01"] * 3)
    knobs = Cleaning(exact_duplicates=False, near_seconds=0.0)
    assert run(tmp_path, file, cleaning=knobs).kept == 3
    assert logged(tmp_path)["event_id"].n_unique() == 3
    again = write(tmp_path / "e.csv", *["u,a,buy,2024-01-01"] * 4)
    report = run(tmp_path, again, cleaning=knobs)
    assert (report.kept, report.already_logged) == (1, 3)


def test_spellings_of_the_log_stay(tmp_path: Path) -> None:
    run(tmp_path, write(tmp_path / "e.csv", "u,Lamp,view,2024-01-01"))
    report = run(tmp_path, write(tmp_path / "f.csv", *[f"v{at},LAMP,view,2024-01-01" for at in range(9)]))
    assert report.labels.select("label", "merged_into").rows() == [("LAMP", "Lamp")]
    assert logged(tmp_path)["item_id"].unique().to_list() == ["Lamp"]


ORDERS = "CustomerID,StockCode,InvoiceNo,Quantity,UnitPrice,InvoiceDate,Description"


def test_a_return_finds_the_purchase_of_an_earlier_import(tmp_path: Path) -> None:
    run(tmp_path, write(tmp_path / "1.csv", "7,a,100,5,2.5,2024-01-01,Lamp", header=ORDERS))
    back = write(
        tmp_path / "2.csv", "7,a,C101,-2,2.5,2024-01-02,Lamp", "8,a,C102,-1,2.5,2024-01-02,Lamp", header=ORDERS
    )
    report = run(tmp_path, back)
    assert (report.kept, report.quarantined) == (1, 1)
    assert logged(tmp_path).select("kind", "quantity").rows() == [("purchase", 5.0), ("return", 2.0)]
    again = run(tmp_path, back)
    assert (again.kept, again.already_logged, again.quarantined) == (0, 1, 1)


def test_a_repeated_import_does_not_let_a_return_pass(tmp_path: Path) -> None:
    file = write(
        tmp_path / "1.csv",
        "7,a,100,1,2.5,2024-01-01,Lamp",
        "7,a,C101,-1,2.5,2024-01-02,Lamp",
        "7,a,C102,-1,2.5,2024-01-03,Lamp",  # there is nothing left to return
        header=ORDERS,
    )
    first, again = run(tmp_path, file), run(tmp_path, file)
    assert (first.kept, first.quarantined) == (2, 1)
    assert (again.kept, again.quarantined) == (0, 1)


def test_events_tell_facts_of_their_items(tmp_path: Path) -> None:
    lines = ["7,a,100,1,2.5,2024-01-01,Lamp", "8,a,101,1,3.0,2024-02-01,Lamp", ",a,102,1,9,2024-03-01,broken"]
    report = run(tmp_path, write(tmp_path / "1.csv", *lines, header=ORDERS))
    assert report.facts["item_updates"] == 2
    updates = EventLog(tmp_path / "log").scan("item_updates").sort("time").collect()
    assert updates["facts"].to_list() == ['{"title":"Lamp","price":2.5}', '{"title":"Lamp","price":3.0}']
    assert run(tmp_path, tmp_path / "1.csv").facts["item_updates"] == 0


def test_facts_can_be_left_alone(tmp_path: Path) -> None:
    file = write(tmp_path / "1.csv", "7,a,100,1,2.5,2024-01-01,Lamp", header=ORDERS)
    assert run(tmp_path, file, facts=False).facts == {"item_updates": 0, "user_updates": 0}


def test_events_without_a_time(tmp_path: Path) -> None:
    file = write(tmp_path / "e.csv", *[f"u,i{at},view" for at in range(200)], header="user,item,event")
    with pytest.raises(BadInput, match=r"the time.*undated"):
        run(tmp_path, file)
    report = run(tmp_path, file, undated="2000-01-01")  # 200 views at one instant are no robot here
    assert report.kept == 200
    assert "robots" in report.notes[0]


def test_whole_days_judge_no_robot_by_the_minute(tmp_path: Path) -> None:
    file = write(tmp_path / "e.csv", *[f"u,i{at},view,2024-01-01" for at in range(200)])
    assert run(tmp_path, file).kept == 200
    exact = write(tmp_path / "f.csv", *[f"v,i{at},view,2024-01-01T10:00:{at % 60:02}" for at in range(200)])
    assert run(tmp_path, exact).reasons == {"robot": 200}


ROWS = st.tuples(
    st.sampled_from(["", " ", "a", "b", "A ", "😀", "007"]),
    st.sampled_from(["", "x", "X", "x ", "y", "0" * 50]),
    st.sampled_from(["view", "buy", "BUY", "refund", ""]),
    st.sampled_from(["", "1", "-1", "nan", "inf", "two", "3.5"]),
    st.sampled_from(["2024-01-01", "2024-01-01T00:00:01Z", "1970-01-01", "2200-01-01", "never", "", "1e9"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=25), st.booleans())
def test_every_row_is_in_one_place(tmp_path_factory: pytest.TempPathFactory, rows: list[Any], twice: bool) -> None:
    folder = tmp_path_factory.mktemp("shop")
    lines = ['"' + '","'.join(row) + '"' for row in [("sure", "x", "view", "1", "2024-01-01"), *rows]]
    file = write(folder / "e.csv", *lines, header="user,item,event,quantity,time")
    report = run(folder, file, cleaning=Cleaning(exact_duplicates=not twice))
    assert report.read == len(rows) + 1
    assert logged(folder).height == report.kept
    assert report.quarantined == (0 if report.quarantine is None else pl.read_parquet(report.quarantine).height)
    assert sum(step.rows for step in report.steps if step.outcome == "merged") == report.merged
    again = run(folder, file, cleaning=Cleaning(exact_duplicates=not twice))
    assert (again.kept, again.quarantined) == (0, report.quarantined)


def test_partitions_give_the_log_of_one_piece(tmp_path: Path) -> None:
    number = pl.int_range(20_000, eager=True)
    rows = pl.DataFrame(
        {
            "user": (number * 7919 % 613).cast(pl.String),
            "item": pl.Series(["Lamp ", "lamp", "cup", "mug"]).gather((number % 4).cast(pl.UInt32)),
            "event": pl.Series(["view", "buy"]).gather((number % 3 % 2).cast(pl.UInt32)),
            "time": 1_700_000_000 + number * 977 % 400_000,
        }
    )
    rows.write_parquet(tmp_path / "e.parquet")
    whole = run(tmp_path / "whole", tmp_path / "e.parquet")
    parts = run(tmp_path / "parts", tmp_path / "e.parquet", batch_events=1500)
    assert (whole.kept, whole.merged, whole.steps) == (parts.kept, parts.merged, parts.steps)
    order = ["time", "user_id", "item_id", "event_id"]
    assert logged(tmp_path / "whole").sort(order).equals(logged(tmp_path / "parts").sort(order))


def test_ids_that_look_odd_are_kept_to_the_letter(tmp_path: Path) -> None:
    ids = ["00123", " lead", "tab\tid", "😀", "x" * 10_000, "NaN", "null", "1e5", 'quo"te', "new\nline"]
    rows = pl.DataFrame({"user": ids, "item": [f"i-{name}" for name in ids]}).with_columns(time=pl.lit("2024-01-01"))
    rows.write_csv(tmp_path / "e.csv")
    assert run(tmp_path, tmp_path / "e.csv").kept == len(ids)
    assert set(logged(tmp_path).select("user_id", "item_id").rows()) == {(name, f"i-{name}") for name in ids}


def test_a_file_of_nobody_stops_the_import_and_names_itself(tmp_path: Path) -> None:
    good = write(tmp_path / "a.csv", "u,a,view,2024-01-01")
    bad = write(tmp_path / "b.csv", ",a,view,2024-01-01", ",b,view,2024-01-01")
    with pytest.raises(BadInput, match=r"b\.csv: none of its 2 rows can be used \(no user_id \(column user\)\)"):
        run(tmp_path, good, bad)
    assert logged(tmp_path).is_empty()
    assert contents(tmp_path) == [str(good), str(bad)]


def test_a_bad_file_among_good_ones_changes_nothing(tmp_path: Path) -> None:
    good = write(tmp_path / "a.csv", "u,a,view,2024-01-01")
    run(tmp_path, good)
    before = contents(tmp_path)
    pl.DataFrame({"user": ["u"] * 5000, "item": "b", "time": "2024-01-01"}).write_parquet(tmp_path / "b.parquet")
    half = (tmp_path / "b.parquet").read_bytes()
    (tmp_path / "b.parquet").write_bytes(half[: len(half) // 2])
    with pytest.raises(BadInput, match=r"b\.parquet is damaged or cut off"):
        run(tmp_path, good, tmp_path / "b.parquet")
    (tmp_path / "b.parquet").unlink()
    assert contents(tmp_path) == before


def test_two_imports_at_the_same_time(tmp_path: Path) -> None:
    file = write(tmp_path / "e.csv", "u,a,view,2024-01-01")
    held = f"""
import sys, time
from pathlib import Path
from slatewright.events.writer_lock import writer_lock
with writer_lock(Path({str(tmp_path / "log" / "import.lock")!r})):
    print("held", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen([sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Busy, match=str(other.pid)):
            run(tmp_path, file)
        other.communicate()
    assert run(tmp_path, file).kept == 1
    with writer_lock(tmp_path / "elsewhere.lock"):
        assert run(tmp_path, file).already_logged == 1


IMPORT = """
import resource, sys
from pathlib import Path
from slatewright.core.errors import NotWritten
from slatewright.data.cleaning import Cleaning
from slatewright.data.importer import EventFiles, import_events
from slatewright.events.log import EventLog

folder, limit, batch = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    import_events(
        EventLog(folder / "log"), [str(folder / "e.parquet")], Cleaning(), quarantine=folder / "quarantine",
        now=1717200000_000000, settings=EventFiles(batch_events=batch),
        progress=lambda doing, done, total: print(doing, done, flush=True),
    )
except NotWritten as error:
    print("NotWritten", error)
"""


def many_events(folder: Path, rows: int) -> None:
    number = pl.int_range(rows, eager=True)
    events = pl.DataFrame(
        {"user": number.hash(1) % 5000, "item": number.hash(2) % 5000, "time": 1_700_000_000 + number}
    )
    events.write_parquet(folder / "e.parquet")


@pytest.mark.parametrize(("limit", "batch"), [(20_000, 2_000_000), (20_000, 20_000), (200, 2_000_000)])
def test_a_full_disk_leaves_the_log_as_it_was(tmp_path: Path, limit: int, batch: int) -> None:
    run(tmp_path, write(tmp_path / "a.csv", "u,a,view,2024-01-01"))
    many_events(tmp_path, 60_000)
    before = contents(tmp_path)
    command = [sys.executable, "-c", IMPORT, str(tmp_path), str(limit), str(batch)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "NotWritten" in done.stdout
    assert contents(tmp_path) == before
    assert logged(tmp_path).height == 1
    assert run(tmp_path, tmp_path / "e.parquet").kept == 60_000


@pytest.mark.parametrize("moment", ["reading", "cleaning"])
def test_ctrl_c_leaves_the_log_as_it_was(tmp_path: Path, moment: str) -> None:
    run(tmp_path, write(tmp_path / "a.csv", "u,a,view,2024-01-01"))
    many_events(tmp_path, 1_200_000)
    before = contents(tmp_path)
    command = [sys.executable, "-c", IMPORT, str(tmp_path), "0", "100000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as importing:
        assert importing.stdout is not None
        while not importing.stdout.readline().startswith(moment):
            assert importing.poll() is None
        os.kill(importing.pid, signal.SIGINT)
        importing.communicate(timeout=60)
    assert importing.returncode != 0
    assert contents(tmp_path) == before
    assert logged(tmp_path).height == 1


KILLED = IMPORT.replace(
    "folder, limit",
    """
import os
import signal
from slatewright.events.bulk import BulkAppend

commit = BulkAppend._commit

def killed(self, files, properties):
    if sys.argv[4] == "after the commit":
        commit(self, files, properties)
    os.kill(os.getpid(), signal.SIGKILL)

BulkAppend._commit = killed
folder, limit""",
    1,
)


@pytest.mark.parametrize(("moment", "shown"), [("before the commit", 1), ("after the commit", 60_001)])
def test_a_killed_import_shows_all_or_nothing_and_can_be_repeated(tmp_path: Path, moment: str, shown: int) -> None:
    run(tmp_path, write(tmp_path / "a.csv", "u,a,view,2024-01-01"))
    many_events(tmp_path, 60_000)
    command = [sys.executable, "-c", KILLED, str(tmp_path), "0", "20000", moment]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert logged(tmp_path).height == shown
    again = run(tmp_path, tmp_path / "e.parquet")
    assert (again.read, again.kept) == (60_000, 60_001 - shown)
    assert logged(tmp_path)["event_id"].n_unique() == logged(tmp_path).height == 60_001


@pytest.mark.long
def test_three_million_rows_of_one_user(tmp_path: Path) -> None:
    number = pl.int_range(3_000_000, eager=True)
    rows = pl.DataFrame({"user": pl.Series(["one"]).new_from_index(0, len(number)), "item": number % 1000})
    rows.with_columns(time=1_600_000_000 + number).write_parquet(tmp_path / "e.parquet")
    report = run(tmp_path, tmp_path / "e.parquet")
    assert report.reasons == {"robot": 3_000_000}
    assert logged(tmp_path).is_empty()
