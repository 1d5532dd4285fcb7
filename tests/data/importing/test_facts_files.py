import json
from pathlib import Path
from typing import Any, Literal

import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput
from slatewright.data.facts import facts_at
from slatewright.data.importer import FactsReport, import_facts
from slatewright.events.log import EventLog

NOW = instant("2024-06-01")


def run(
    folder: Path, text: str, *, now: int = NOW, table: Literal["item_updates", "user_updates"] = "item_updates"
) -> FactsReport:
    path = folder / "facts.csv"
    path.write_text(text)
    log = EventLog(folder / "log")
    report = import_facts(log, [str(path)], table, quarantine=folder / "quarantine", now=now)
    assert report.read == report.kept + report.merged + report.quarantined
    return report


def known(folder: Path, as_of: str | None = None, table: str = "item_updates") -> dict[str, dict[str, Any]]:
    frame = facts_at(EventLog(folder / "log"), table, None if as_of is None else instant(as_of))
    key = "item_id" if table == "item_updates" else "user_id"
    return {} if frame is None else {row.pop(key): row for row in frame.to_dicts()}


def test_facts_of_no_date_were_always_true(tmp_path: Path) -> None:
    report = run(tmp_path, "sku,name,genres,price\n007,Lamp,Home|Light,$2.50\n8,Cup,,1\n")
    assert (report.read, report.kept) == (2, 2)
    assert known(tmp_path, "2000-01-01") == {
        "007": {"title": "Lamp", "category": "Home|Light", "price": 2.5},
        "8": {"title": "Cup", "category": None, "price": 1.0},
    }


def test_the_same_file_again_adds_nothing(tmp_path: Path) -> None:
    text = "sku,name\n1,Lamp\n2,Cup\n"
    run(tmp_path, text)
    report = run(tmp_path, text, now=NOW + 1)
    assert (report.kept, report.merged) == (0, 2)


def test_a_changed_fact_is_true_from_the_import_on(tmp_path: Path) -> None:
    run(tmp_path, "sku,name\n1,Lamp\n2,Cup\n")
    assert run(tmp_path, "sku,name\n1,Lantern\n2,Cup\n").kept == 1
    assert known(tmp_path, "2024-05-31")["1"] == {"title": "Lamp"}
    assert known(tmp_path)["1"] == {"title": "Lantern"}
    assert run(tmp_path, "sku,name\n1,Lamp\n2,Cup\n", now=NOW + 1).kept == 1
    assert known(tmp_path)["1"] == {"title": "Lamp"}


def test_facts_with_their_own_time(tmp_path: Path) -> None:
    text = "sku,price,updated_at\n1,2,2024-01-01\n1,3,2024-02-01\n1,4,soon\n"
    report = run(tmp_path, text)
    assert (report.kept, report.quarantined) == (2, 1)
    assert known(tmp_path, "2024-01-15")["1"]["price"] == 2
    assert known(tmp_path)["1"]["price"] == 3
    assert run(tmp_path, text).kept == 0


def test_rows_without_an_id_are_set_aside_and_the_last_of_an_id_wins(tmp_path: Path) -> None:
    report = run(tmp_path, "user_id,age\n,30\n7,31\n7,32\n", table="user_updates")
    assert (report.kept, report.merged, report.quarantined) == (1, 1, 1)
    assert known(tmp_path, table="user_updates") == {"7": {"age": 32}}


def test_lists_and_odd_texts_survive(tmp_path: Path) -> None:
    lines = [{"item_id": "😀", "title": 'He said "hi"\nand left', "genres": ["a", "b"]}]
    path = tmp_path / "items.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    import_facts(EventLog(tmp_path / "log"), [str(path)], "item_updates", quarantine=tmp_path / "q", now=NOW)
    assert known(tmp_path)["😀"]["category"] == ["a", "b"]


def test_a_file_of_nobody(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"facts.csv: none of its 2 rows can be used \(no item_id\)"):
        run(tmp_path, "sku,name\n,Lamp\n,Cup\n")
    assert known(tmp_path) == {}
