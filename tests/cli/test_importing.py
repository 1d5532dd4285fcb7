"""slatewright import"""

import json
from pathlib import Path
from typing import Any

import pytest

from slatewright.simulate import Simulation, simulate

from .conftest import refusal, slatewright


@pytest.fixture
def founded(tmp_path: Path) -> Path:
    """A shop whose files nobody imported yet."""
    events, items, users = simulate(Simulation(users=60, items=30, days=30, dirt=0.01)).write(tmp_path)
    slatewright("init", tmp_path / "shop", "--events", events, "--items", items, "--users", users)
    return tmp_path / "shop"


def imported(shop: Path) -> Any:
    return json.loads(slatewright("import", "--shop", shop, "--json"))


def test_every_row_is_accounted_for_and_again_nothing_is_new(founded: Path) -> None:
    first, second = imported(founded), imported(founded)
    for report in (first["events"], second["events"], first["items"], first["users"]):
        assert report["read"] == report["kept"] + report["merged"] + report["quarantined"]
    assert first["events"]["kept"] > 0
    assert first["items"]["kept"] == 30
    assert second["events"]["kept"] == second["items"]["kept"] == 0


def test_the_accounts_are_printed_step_by_step(founded: Path) -> None:
    text = slatewright("import", "--shop", founded)
    assert " kept + " in text.splitlines()[0]
    for words in ("robots", "exact duplicates", "inconsistent labels", "quarantine: ", "facts of items: 30 rows"):
        assert words in text


def test_the_data_report_has_the_accounts_of_the_import(founded: Path) -> None:
    slatewright("import", "--shop", founded)
    assert "quarantined" in slatewright("check", "--shop", founded)


def test_settings_that_name_a_wrong_column(founded: Path) -> None:
    path = founded / "slatewright.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('item_id = "item_id"', 'item_id = "thing"', 1), "utf-8")
    message = refusal("import", "--shop", founded)
    assert "no column 'thing'" in message
    assert "slatewright.toml" in message


def test_settings_that_are_no_toml(founded: Path) -> None:
    (founded / "slatewright.toml").write_text("[events\n", encoding="utf-8")
    assert "is not valid TOML" in refusal("import", "--shop", founded)
