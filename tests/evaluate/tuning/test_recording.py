"""A search outlives its process: killed in the middle it goes on, and nothing is lost or done twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import optuna
import pytest

from slatewright.core.errors import BadInput, Busy
from slatewright.evaluate.tuning import Search, tune
from slatewright.evaluate.tuning.running import DIED, MOST_STARTS
from slatewright.events.writer_lock import writer_lock

from .test_tuning import ONLY_REG, QUICK, told
from .worlds import FOLD, Diarist, Peak

SCRIPT = """
import sys
from pathlib import Path
from slatewright.evaluate.tuning import Search, tune
from tests.evaluate.tuning.worlds import FOLD, Diarist

if __name__ == "__main__":
    diary, record, workers = sys.argv[1:]
    search = Search(trials=10, k=4, budget="full", workers=int(workers))
    tune(Diarist(method=diary), FOLD, space={"reg": None}, search=search, record=record)
"""


def killed_after(fits: int, diary: Path, record: Path, workers: int) -> None:
    """Run the search in a process of its own and kill that when it waits in a fit after so many."""
    Path(f"{diary}.limit").write_text(str(fits), encoding="ascii")
    root = Path(__file__).parents[3]
    script = diary.with_suffix(".py")
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(script), str(diary), str(record), str(workers)]
    before = lines_of(diary)
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(root)}) as process:
        while process.poll() is None and len(lines_of(diary)) <= fits:
            threading.Event().wait(0.005)  # not a busy loop: the search wants the core
        assert process.poll() is None, "the search ended before it could be killed"
        process.send_signal(signal.SIGKILL)
    assert len(lines_of(diary)) > len(before)


def lines_of(diary: Path) -> list[str]:
    return diary.read_text(encoding="ascii").split() if diary.is_file() else []


@pytest.mark.parametrize("workers", [0, 1])
def test_a_search_that_is_killed_goes_on_and_finds_the_same(tmp_path: Path, workers: int) -> None:
    diary, record = tmp_path / "diary", tmp_path / "search.db"
    killed_after(4, diary, record, workers)
    interrupted = optuna.load_study(study_name=None, storage=f"sqlite:///{record}")
    assert [trial.state.name for trial in interrupted.trials].count("RUNNING") == 1
    Path(f"{diary}.limit").unlink()
    search = Search(trials=10, k=4, budget="full")
    resumed = tune(Diarist(method=str(diary)), FOLD, space=ONLY_REG, search=search, record=record)
    whole = tune(Diarist(method=str(tmp_path / "other")), FOLD, space=ONLY_REG, search=search)
    assert told(resumed) == told(whole)
    assert [trial.starts for trial in resumed.trials] == [1, 1, 1, 1, 2, 1, 1, 1, 1, 1]
    assert len(lines_of(diary)) == 10 + 1  # only the fit in the middle of which it died was done again
    assert lines_of(diary)[4] == lines_of(diary)[5]


@pytest.mark.long
def test_two_processes_at_work_are_killed_with_the_search_and_the_rest_is_as_if_nothing_had_been(
    tmp_path: Path,
) -> None:
    diary, record = tmp_path / "diary", tmp_path / "search.db"
    killed_after(4, diary, record, workers=2)
    begun = len(lines_of(diary))
    Path(f"{diary}.limit").unlink()
    search = Search(trials=10, k=4, budget="full", workers=2)
    resumed = tune(Diarist(method=str(diary)), FOLD, space=ONLY_REG, search=search, record=record)
    whole = tune(Diarist(method=str(tmp_path / "other")), FOLD, space=ONLY_REG, search=replace(search, workers=0))
    assert told(resumed) == told(whole)
    twice = [trial for trial in resumed.trials if trial.starts == 2]
    assert 1 <= len(twice) <= 2
    assert begun <= 4 + 2
    assert len(lines_of(diary)) <= 10 + 2  # only what was in the middle was done again


def test_a_trial_that_takes_the_search_down_again_and_again_is_not_begun_for_ever(tmp_path: Path) -> None:
    record = tmp_path / "search.db"
    search = Search(trials=6, k=4, budget="full")
    tune(Peak(), FOLD, space=ONLY_REG, search=search, record=record)
    with closing(sqlite3.connect(record)) as base, base:
        base.execute("update trials set state = 'RUNNING' where number = 5")
        base.execute(
            "update trial_user_attributes set value_json = json_set(value_json, '$.starts', ?, '$.steps', json('[]')) "
            "where trial_id = (select trial_id from trials where number = 5)",
            (MOST_STARTS,),
        )
    again = tune(Peak(), FOLD, space=ONLY_REG, search=search, record=record)
    assert (again.trials[5].state, again.trials[5].reason) == ("failed", DIED)


def test_more_trials_go_on_from_those_that_are_there(tmp_path: Path) -> None:
    record = tmp_path / "search.db"
    few = tune(Peak(), FOLD, space=ONLY_REG, search=Search(trials=5, k=4), record=record)
    more = tune(Peak(), FOLD, space=ONLY_REG, search=Search(trials=9, k=4), record=record)
    assert told(more)[:5] == told(few)
    assert [trial.seconds for trial in more.trials[:5]] == [trial.seconds for trial in few.trials]
    other = tune(Peak(), FOLD, space=ONLY_REG, search=Search(trials=2, k=3), record=record)
    assert len(other.trials) == 2


def test_two_searches_do_not_write_one_record_at_a_time(tmp_path: Path) -> None:
    record = tmp_path / "search.db"
    with writer_lock(tmp_path / "search.db.lock"), ThreadPoolExecutor(1) as threads:
        other = threads.submit(tune, Peak(), FOLD, space=ONLY_REG, search=QUICK, record=record)
        assert isinstance(other.exception(), Busy)


def test_a_file_that_is_no_record_is_left_as_it_is(tmp_path: Path) -> None:
    record = tmp_path / "notes.txt"
    record.write_text("these are my notes, not a data base\n" * 100, encoding="ascii")
    with pytest.raises(BadInput, match="cannot be used as the record of a search"):
        tune(Peak(), FOLD, space=ONLY_REG, search=QUICK, record=record)
    assert record.read_text(encoding="ascii").startswith("these are my notes")


def test_a_record_lies_where_it_was_asked_to_or_is_refused(tmp_path: Path) -> None:
    odd = tmp_path / "100% of it #1, a=b & ü"
    odd.mkdir()
    tune(Peak(), FOLD, space=ONLY_REG, search=replace(QUICK, trials=2), record=odd / "search.db")
    assert {path.name for path in odd.iterdir()} == {"search.db", "search.db.lock"}
    for name in ("what?a=b.db", "{it}.db", "a%20b.db"):
        with pytest.raises(BadInput, match="mean something else in the address of a database"):
            tune(Peak(), FOLD, space=ONLY_REG, search=QUICK, record=tmp_path / name)
        assert not (tmp_path / name).exists()
    assert {path.suffix for path in tmp_path.iterdir()} <= {"", ".lock"}
