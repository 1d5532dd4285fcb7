"""slatewright simulate"""

import json
from pathlib import Path

import polars as pl
from typer.testing import CliRunner

from slatewright.cli.main import app

SMALL = ["--users", "50", "--items", "30", "--days", "20"]


def test_it_writes_three_files_and_says_how_long_they_are(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["simulate", str(tmp_path / "export"), *SMALL])
    assert result.exit_code == 0
    assert pl.read_csv(tmp_path / "export" / "items.csv").height == 30
    assert "30 rows" in result.output
    assert "robot views" in result.output


def test_json_counts_what_was_written(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["simulate", str(tmp_path), *SMALL, "--json"])
    answer = json.loads(result.stdout)
    events = str(tmp_path / "events.csv")
    assert answer["files"][events] == pl.read_csv(events).height
    assert answer["dirt"]["robot views"] > 0


def test_another_seed_is_another_shop(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        CliRunner().invoke(app, ["simulate", str(tmp_path / seed), *SMALL, "--seed", seed])
    one, two = (pl.read_csv(tmp_path / seed / "events.csv") for seed in ("1", "2"))
    assert not one.equals(two)


def test_a_number_out_of_range_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["simulate", str(tmp_path), "--users", "0"])
    assert (result.exit_code, result.output) == (2, "error: Simulation.users must be >= 1, got 0\n")
