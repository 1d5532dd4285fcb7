from pathlib import Path

import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.models.rules.basket_files import read_baskets


def test_a_line_per_basket(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('milk, bread\n\n"rice, white",milk,\n', encoding="utf-8")
    assert read_baskets(tmp_path / "a.csv") == [["milk", "bread"], [], ["rice, white", "milk"]]
    (tmp_path / "a.tsv").write_text("milk\tbread, dark\n", encoding="utf-8")
    assert read_baskets(tmp_path / "a.tsv") == [["milk", "bread, dark"]]


def test_lists_of_json_and_of_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('["milk", 7]\n\n[]\n', encoding="utf-8")
    assert read_baskets(tmp_path / "a.jsonl") == [["milk", "7"], [], []]
    pl.DataFrame({"at": [1, 2], "items": [[1, 2], [3]]}).write_parquet(tmp_path / "a.parquet")
    assert read_baskets(tmp_path / "a.parquet") == [["1", "2"], ["3"]]


def test_one_row_per_item(tmp_path: Path) -> None:
    table = pl.DataFrame({"order": [5, 4, 5], "item": ["a", "b", "c"]})
    table.write_csv(tmp_path / "a.csv")
    table.write_parquet(tmp_path / "a.parquet")
    for name in ("a.csv", "a.parquet"):
        assert read_baskets(tmp_path / name, long=True) == [["a", "c"], ["b"]]


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"no parquet")
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n', encoding="utf-8")
    (tmp_path / "b.jsonl").write_text("[1\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("only\n1\n", encoding="utf-8")
    pl.DataFrame({"item": ["a"]}).write_parquet(tmp_path / "b.parquet")
    for name, message in (
        ("a.parquet", "cannot be read as baskets"),
        ("a.jsonl", "each line must be a JSON list of items"),
        ("b.jsonl", "cannot be read as baskets"),
        ("b.parquet", "has no column of lists; for a table with one row per item say --long"),
        ("missing.csv", "cannot be read: No such file"),
    ):
        with pytest.raises(BadInput, match=message):
            read_baskets(tmp_path / name)
    with pytest.raises(BadInput, match="must have two columns"):
        read_baskets(tmp_path / "a.csv", long=True)
