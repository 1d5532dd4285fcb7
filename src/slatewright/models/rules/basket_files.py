"""Files of baskets: one basket per line, lists, or one row per item."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from slatewright.core.errors import BadInput

FORMS = "a line per basket (.csv, .tsv, .txt), a JSON list per line (.jsonl), a column of lists (.parquet)"


def read_baskets(path: Path, *, long: bool = False) -> list[list[str]]:
    """The baskets of a file, as lists of names; empty names are left out.

    A line per basket, its items separated by commas (tabs in ``.tsv``); a JSON list per line in ``.jsonl``; a column of
    lists in ``.parquet``. With ``long`` a table with one row per item, its first two columns the basket and the item.

    Raises:
        BadInput: the file cannot be read as that.
    """
    kind = path.suffix.lower()
    try:
        if long:
            return _grouped(pl.read_parquet(path) if kind == ".parquet" else _table(path))
        if kind == ".parquet":
            return _lists(path)
        with path.open(encoding="utf-8", newline="") as lines:
            rows = _json(lines) if kind in {".jsonl", ".ndjson"} else csv.reader(lines, delimiter=_comma(path))
            return [[name.strip() for name in row if name.strip()] for row in rows]
    except (pl.exceptions.PolarsError, UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        raise BadInput(f"{path} cannot be read as baskets: {error}; give {FORMS}") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}") from error


def _comma(path: Path) -> str:
    return "\t" if path.suffix.lower() == ".tsv" else ","


def _table(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, separator=_comma(path), infer_schema=False)


def _json(lines: Iterator[str]) -> Iterator[list[str]]:
    for line in lines:
        row = json.loads(line) if line.strip() else []
        if not isinstance(row, list):
            raise BadInput(f"each line must be a JSON list of items, got {line.strip()[:60]!r}")
        yield [str(item) for item in row]


def _lists(path: Path) -> list[list[str]]:
    table = pl.read_parquet(path)
    found = [column for column in table.columns if isinstance(table.schema[column], pl.List)]
    if not found:
        raise BadInput(f"{path} has no column of lists; for a table with one row per item say --long")
    baskets: list[list[str]] = table[found[0]].cast(pl.List(pl.String)).drop_nulls().to_list()
    return baskets


def _grouped(table: pl.DataFrame) -> list[list[str]]:
    if table.width < 2:
        raise BadInput(
            f"a table with one row per item must have two columns, the basket and the item, got {table.columns}"
        )
    basket, item = table.columns[:2]
    rows = table.select(basket, pl.col(item).cast(pl.String)).drop_nulls()
    baskets: list[list[str]] = rows.group_by(basket, maintain_order=True).agg(item)[item].to_list()
    return baskets
