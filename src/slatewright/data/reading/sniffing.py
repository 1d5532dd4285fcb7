"""What kind of file it is: told from its content, since names lie."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from slatewright.core.errors import BadInput

Format = Literal["parquet", "json", "delimited"]

_GZIP, _ZSTD, _ZIP, _PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PAR1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",\t;|"


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look at a file told: its format and, where its columns are separated, by what."""

    format: Format
    separator: str = ","


def look_at(path: str) -> Look:
    """The format of a file; gzip and zstd are seen through.

    Raises:
        BadInput: an empty file, or one that is no table of a kind that can be read.
    """
    with open(path, "rb") as file:
        start = file.read(4)
    if not start:
        raise BadInput(f"{path} is empty: there is nothing to import; give a file with rows")
    if start == _PARQUET:
        return Look("parquet")
    if path.lower().endswith((".parquet", ".pq")):
        raise BadInput(
            f"{path} is no Parquet file: it does not begin as one; write it again, or give it its own suffix"
        )
    if start == _ZIP:
        raise BadInput(f"{path} is a zip archive or a spreadsheet: unpack it, or save the sheet as CSV")
    if start[:2] in _UTF16:
        raise BadInput(f"{path} is UTF-16: make it UTF-8 with: iconv -f UTF-16 -t UTF-8 {path} > utf8.csv")
    return _of_text(path, first_line(path))


def _of_text(path: str, line: str) -> Look:
    if line.startswith("{"):
        return Look("json")
    if line.startswith("["):
        raise BadInput(f"{path} is one JSON list: write one object per line (JSON Lines), as: jq -c '.[]' {path}")
    counts = {separator: line.count(separator) for separator in _SEPARATORS}
    return Look("delimited", max(counts, key=lambda separator: counts[separator]))


def first_line(path: str) -> str:
    """The first line of a text file that is not blank, unpacked.

    Raises:
        BadInput: the file is not UTF-8, cut off, or has blank lines only.
    """
    lines = pl.scan_csv(path, has_header=False, infer_schema=False, separator="\x01", quote_char=None, n_rows=50)
    try:
        texts = lines.collect().to_series().drop_nulls()
    except pl.exceptions.NoDataError:
        texts = pl.Series(dtype=pl.String)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise unreadable(path, error) from error
    texts = texts.str.strip_chars(" \ufeff").filter(texts.str.strip_chars() != "")
    if texts.is_empty():
        raise BadInput(f"{path} is empty: there is nothing to import; give a file with rows")
    return str(texts[0])


def unreadable(path: str, error: Exception) -> BadInput:
    """The one sentence for a file that stopped making sense."""
    said = " ".join(str(error).split())
    if "utf-8" in said.lower() or "utf8" in said.lower():
        remedy = f"iconv -f WINDOWS-1252 -t UTF-8 {path} > utf8.csv"
        return BadInput(f"{path} is not UTF-8{_first_bad_byte(path)}: make it so with: {remedy}")
    if "end of file" in said.lower() or "must end with PAR" in said or "out of specification" in said:
        return BadInput(f"{path} is damaged or cut off: copy or write it again ({said[:200]})")
    return BadInput(f"{path} cannot be read: {said[:300]}")


def _first_bad_byte(path: str) -> str:
    """Where UTF-8 ends, for a file that is not packed."""
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            if number == 1 and (line.startswith(_GZIP) or line.startswith(_ZSTD)):
                return ""
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return f" (byte 0x{line[error.start]:02x} in line {number})"
    return ""
