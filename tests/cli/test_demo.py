"""slatewright demo"""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import polars as pl
import pytest

from slatewright.cli import demo_steps
from slatewright.simulate import Simulation, simulate

from .conftest import refusal, slatewright

SMALL = Simulation(users=120, items=50, days=50, dirt=0.01)


def test_once_runs_the_loop_and_sees_the_slate_react_and_the_next_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_steps, "PEOPLE", SMALL)
    folder = tmp_path / "shop"
    text = slatewright("demo", "--once", "--folder", folder)
    titles = re.findall(r"^ (\d)  ([a-z, ]+?)  ", text, re.MULTILINE)
    names = ["simulate a shop", "recognise", "import, clean", "check the data", "split, evaluate", "train, promote"]
    assert titles == [(str(n), name) for n, name in enumerate([*names, "serve", "click"], start=1)]
    assert "Recall@20" in text
    assert re.search(r"u\d+ views [A-Z]{3}-\d{4}, and \d+ ms later:", text)
    assert (folder / "reports" / "check.html").is_file()
    clicks = pl.scan_delta(str(folder / "log" / "interactions")).filter(pl.col("slate_id").is_not_null()).collect()
    assert clicks.height == 1  # the click of the check went from the server into the log
    (folder / "mine.txt").write_text("gone with the next demo", encoding="utf-8")
    slatewright("demo", "--once", "--folder", folder)
    assert not (folder / "mine.txt").exists()


def test_no_folder_is_touched_that_no_demo_made(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("stays", encoding="utf-8")
    assert "no demo made it" in refusal("demo", "--once", "--folder", tmp_path)
    assert (tmp_path / "precious.txt").is_file()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_on_a_file_of_ones_own(tmp_path: Path, ending: str) -> None:
    events, _, _ = simulate(SMALL).write(tmp_path / "export")
    own = tmp_path / f"my events.{ending}"
    frame = pl.read_csv(events).rename({"user_id": "visitorid", "item_id": "itemid", "kind": "event"})
    frame.write_parquet(own) if ending == "parquet" else frame.write_csv(own)
    text = slatewright("demo", "--once", "--folder", tmp_path / "shop", "--data", own)
    assert "simulate" not in text
    assert "ms later:" in text


def test_on_a_file_too_small_to_be_judged(tmp_path: Path) -> None:
    own = tmp_path / "events.csv"
    rows = ["user_id,item_id,time", *(f"u{n % 3},i{n % 7},2024-01-{1 + n % 9:02d}" for n in range(20))]
    own.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert "ms later:" in slatewright("demo", "--once", "--folder", tmp_path / "shop", "--data", own)


def test_on_a_file_without_times(tmp_path: Path) -> None:
    own = tmp_path / "pairs.csv"
    own.write_text("user,item\n" + "".join(f"u{n % 5},i{n % 7}\n" for n in range(30)), encoding="utf-8")
    text = slatewright("demo", "--once", "--folder", tmp_path / "shop", "--data", own)
    assert "these events tell no time" in text
    assert "ms later:" in text


def test_on_a_file_that_is_not_there(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.csv"
    assert "nowhere.csv" in refusal("demo", "--once", "--folder", tmp_path / "shop", "--data", missing)


def test_it_serves_until_ctrl_c(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from slatewright.cli import demo_steps\nfrom slatewright.cli.main import main\n"
        "from slatewright.simulate import Simulation\n"
        "demo_steps.PEOPLE = Simulation(users=100, items=40, days=40)\n"
        f"sys.argv[1:] = ['demo', '--port', '0', '--folder', {str(tmp_path / 'shop')!r}]\nmain()"
    )
    with subprocess.Popen(
        [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        guard = threading.Timer(120, process.kill)
        guard.start()
        seen = next((line for line in process.stdout if "Ctrl-C stops" in line), "")
        os.kill(process.pid, signal.SIGINT)
        errors = process.stderr.read()
        guard.cancel()
    assert "Click a product" in seen
    assert process.returncode == 0
    assert "takes the shop up again" in errors
    assert "Traceback" not in errors
