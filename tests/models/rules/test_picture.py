from pathlib import Path

import polars as pl
import pytest

from slatewright.models.rules.picture import draw_rules, spoken

from .test_rule_table import table


@pytest.mark.parametrize("measure", ["lift", "conviction"])
def test_the_first_rules_are_written_out(tmp_path: Path, measure: str) -> None:
    rows = table().by(measure).frame(pl.Series(["bread", "butter", "salt"]))
    draw_rules(rows, measure, tmp_path / "rules.svg")
    svg = (tmp_path / "rules.svg").read_text(encoding="utf-8")
    assert "bread → butter" in svg
    assert f"{rows.height:,} rules" in svg


def test_no_rules_make_an_empty_picture(tmp_path: Path) -> None:
    rows = table().head(0).frame(pl.Series(["bread", "butter", "salt"]))
    draw_rules(rows, "lift", tmp_path / "rules.png")
    assert (tmp_path / "rules.png").stat().st_size > 0


def test_what_is_too_long_is_left_out_on_the_left() -> None:
    assert spoken(["bread", "butter"], ["jam"]) == "bread + butter → jam"
    text = spoken(["bread"] * 20, ["jam"])
    assert text.endswith("… → jam")
    assert len(text) <= 64
