"""The ledger: lines are added, never changed."""

import stat
from pathlib import Path

import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import NotWritten
from slatewright.store.ledger import Ledger


def test_deeds_are_read_back_in_order_over_the_months(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    assert ledger.deeds() == []
    for when in ("2024-03-31T23:59:59", "2024-04-01"):
        ledger.note(instant(when), "user ann", "promote", version="v1")
    assert [deed["time"] for deed in ledger.deeds()] == ["2024-03-31T23:59:59+00:00", "2024-04-01T00:00:00+00:00"]
    assert ledger.deeds()[0] == {
        "time": "2024-03-31T23:59:59+00:00",
        "who": "user ann",
        "what": "promote",
        "version": "v1",
    }
    assert [path.name for path in sorted(ledger.root.iterdir())] == ["2024-03.jsonl", "2024-04.jsonl"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in ledger.root.iterdir()} == {0o600}


def test_a_line_cut_short_hides_no_other(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.note(instant("2024-04-01"), "user ann", "promote")
    with (tmp_path / "2024-04.jsonl").open("ab") as stream:
        stream.write(b'{"time": "2024')
    assert [deed["what"] for deed in ledger.deeds()] == ["promote"]


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("in the way")
    with pytest.raises(NotWritten, match="the ledger"):
        Ledger(tmp_path / "ledger").note(0, "user ann", "promote")
