from pathlib import Path

import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.models.rules.exporting import as_records, check_suffix, rule_frame, write_rules

from .test_rule_table import table

IDS = pl.Series(["b1", "b2", "s"])
TITLES = pl.Series(["bread", "butter", "salt"])


def test_titles_stand_beside_ids_where_they_tell_more() -> None:
    rows = rule_frame(table(), IDS, TITLES)
    assert rows.columns[:4] == ["antecedent", "consequent", "antecedent_titles", "consequent_titles"]
    assert "antecedent_titles" not in rule_frame(table(), IDS, IDS).columns


def test_files_hold_every_rule(tmp_path: Path) -> None:
    rows = rule_frame(table(), IDS, TITLES)
    for name in ("rules.csv", "rules.json", "rules.parquet"):
        write_rules(rows, tmp_path / name)
    assert pl.read_parquet(tmp_path / "rules.parquet").equals(rows)
    assert pl.read_json(tmp_path / "rules.json")["antecedent"].to_list() == rows["antecedent"].to_list()
    flat = pl.read_csv(tmp_path / "rules.csv")
    assert flat.height == rows.height
    assert "b1; b2" in flat["antecedent"].to_list()


def test_a_conviction_without_end_is_null() -> None:
    records = as_records(rule_frame(table(), IDS, TITLES))
    assert {record["conviction"] is None for record in records if record["confidence"] == 1} == {True}


def test_a_file_of_another_form_is_refused() -> None:
    with pytest.raises(BadInput, match=r"--out must end in .csv, .json, got rules.xml"):
        check_suffix(Path("rules.xml"), (".csv", ".json"), "--out")
