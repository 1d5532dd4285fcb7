"""Rules as files and as JSON."""

from pathlib import Path
from typing import Any

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.models.rules.rule_table import RuleTable

SEPARATOR = "; "  # between the items of one side, where a file has no lists
SUFFIXES = (".csv", ".json", ".parquet")


def rule_frame(rules: RuleTable, ids: pl.Series, titles: pl.Series) -> Frame:
    """``RuleTable.frame`` by item id, with a column of titles after each side where titles tell more than ids."""
    rows = rules.frame(ids)
    if titles.equals(ids):
        return rows
    named = rules.frame(titles)
    sides = [pl.Series(f"{side}_titles", named[side]) for side in ("antecedent", "consequent")]
    return rows.insert_column(2, sides[0]).insert_column(3, sides[1])


def as_records(rows: Frame) -> list[dict[str, Any]]:
    """One mapping per rule; a conviction without end is null, as JSON has no word for it."""
    return rows.with_columns(
        pl.when(pl.col("conviction").is_finite()).then("conviction").alias("conviction")
    ).to_dicts()


def check_suffix(path: Path, suffixes: tuple[str, ...], option: str) -> Path:
    """The path itself.

    Raises:
        BadInput: its name does not end in one of ``suffixes``.
    """
    if path.suffix.lower() not in suffixes:
        raise BadInput(f"{option} must end in {', '.join(suffixes)}, got {path}")
    return path


def write_rules(rows: Frame, path: Path) -> None:
    """Write the frame as CSV, JSON or Parquet, by the end of the path's name."""
    if path.suffix.lower() == ".parquet":
        rows.write_parquet(path)
    elif path.suffix.lower() == ".json":
        pl.DataFrame(as_records(rows), schema=rows.schema).write_json(path)
    else:
        lists = [name for name, kind in rows.schema.items() if isinstance(kind, pl.List)]
        rows.with_columns(pl.col(lists).list.join(SEPARATOR)).write_csv(path)
