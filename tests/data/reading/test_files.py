"""Files of every kind, and every kind of bad file: the same rows, or one sentence with the fix."""

import gzip
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.reading import Opened, Source, open_source

ROWS = pl.DataFrame({"user": ["007", "anna"], "item": ["a b", "😀"], "time": ["2020-01-01", "2020-01-02"]})

ZSTANDARD = bytes.fromhex(  # the same rows as CSV: Python has no writer of its own before 3.14
    "28b52ffd0058b90100757365722c6974656d2c74696d650a3030372c6120622c323032302d30312d30310a616e6e612cf09f"
    "98802c323032302d30312d30320a"
)


def opened(path: Path) -> Opened:
    return open_source(Source(path.name, str(path)))


def everything(path: Path) -> pl.DataFrame:
    source = opened(path)
    return pl.concat(list(source.batches(source.columns)))


def csv(path: Path) -> None:
    ROWS.write_csv(path)


def tsv(path: Path) -> None:
    ROWS.write_csv(path, separator="\t")


def semicolons(path: Path) -> None:
    ROWS.write_csv(path, separator=";")


def json_lines(path: Path) -> None:
    ROWS.write_ndjson(path)


def parquet(path: Path) -> None:
    ROWS.write_parquet(path)


def gzipped(path: Path) -> None:
    path.write_bytes(gzip.compress(ROWS.write_csv().encode()))


def zstandard(path: Path) -> None:
    path.write_bytes(ZSTANDARD)


def with_mark_and_windows_lines(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + ROWS.write_csv().replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    "write", [csv, tsv, semicolons, json_lines, parquet, gzipped, zstandard, with_mark_and_windows_lines]
)
def test_every_format_gives_the_same_rows(write: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "events.dat"  # the content tells the format, not the name
    write(path)
    assert everything(path).equals(ROWS)


def test_only_the_columns_asked_for(tmp_path: Path) -> None:
    csv(tmp_path / "e.csv")
    source = opened(tmp_path / "e.csv")
    assert [batch.columns for batch in source.batches(["item"])] == [["item"]]


def test_rows_come_in_order_over_batches(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    pl.DataFrame({"n": pl.int_range(1_200_000, eager=True)}).write_csv(path)
    source = opened(path)
    batches = list(source.batches(["n"]))
    assert len(batches) > 1
    assert pl.concat(batches)["n"].cast(pl.Int64).equals(pl.int_range(1_200_000, eager=True).alias("n"))


def test_json_numbers_and_texts_in_one_column(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    path.write_text('{"user": 7, "item": "007"}\n' * 150 + '{"item": 12345678901234567890, "user": "anna"}\n')
    rows = everything(path)
    assert rows[0].rows() == [("7", "007")]
    assert rows[-1].rows() == [("anna", "12345678901234567890")]


def test_a_short_line_lacks_its_last_values(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("user,item,time\n1,2\n")
    assert everything(path).rows() == [("1", "2", None)]


BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("e.csv", b"", "e.csv is empty"),
    "blank": ("e.csv", b"\n \n", "e.csv is empty"),
    "header only": ("e.csv", b"user,item\n", "e.csv has a header and no rows"),
    "latin": ("e.csv", b"user,item\n1,caf\xe9\n", r"not UTF-8 \(byte 0xe9 in line 2\).*iconv"),
    "latin header": ("e.csv", b"us\xe9r,item\n1,2\n", r"not UTF-8 \(byte 0xe9 in line 1\).*iconv"),
    "utf-16": ("e.csv", "user,item\n1,2\n".encode("utf-16"), "UTF-16.*iconv"),
    "twice": ("e.csv", b"user,item,user\n1,2,3\n", "more than one column named 'user'"),
    "long line": ("e.csv", b"user,item\n1,2\n1,2,3\n", "3 fields in line 3 and 2 in the header"),
    "open quote": ("e.csv", b'user,item\n1,2\n"3,4\n5,6\n', "quote that is not closed"),
    "cut gzip": ("e.csv.gz", gzip.compress(b"user,item\n" + b"1,2\n" * 50_000)[:150], "cut off"),
    "json list": ("e.json", b'[{"user": 1}]', "one object per line"),
    "bad json": ("e.jsonl", b'{"user": 1}\nnot json\n', "e.jsonl"),
    "spreadsheet": ("e.xlsx", b"PK\x03\x04rest", "spreadsheet"),
    "not parquet": ("e.parquet", b"user,item\n1,2\n", "no Parquet file"),
    "short parquet": ("e.parquet", b"PAR1", "cut off"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_told_in_one_sentence(case: str, tmp_path: Path) -> None:
    name, content, message = BAD[case]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput, match=message) as caught:
        everything(path)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_parquet_file_cut_in_half(tmp_path: Path) -> None:
    path = tmp_path / "e.parquet"
    pl.DataFrame({"user": pl.int_range(10_000, eager=True)}).write_parquet(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BadInput, match=r"e\.parquet is damaged or cut off: copy or write it again"):
        everything(path)


def test_a_parquet_file_without_rows(tmp_path: Path) -> None:
    ROWS.clear().write_parquet(tmp_path / "e.parquet")
    with pytest.raises(BadInput, match="a header and no rows"):
        everything(tmp_path / "e.parquet")
