"""Files as streams of batches: CSV and its relatives, JSON Lines, Parquet."""

import csv
from collections.abc import Iterator, Sequence

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.data.reading.opened import BATCH, HEAD, Opened, check_columns
from slatewright.data.reading.sniffing import Look, first_line, look_at, unreadable
from slatewright.data.reading.source import Source

_JSON_LINES_FOR_KEYS = 1_000


def open_file(source: Source) -> Opened:
    """Open a file of any known format.

    Raises:
        BadInput: one sentence that names the file and the fix.
    """
    path = source.place
    try:
        look = look_at(path)
        rows = _scan(path, look)
        head = rows.head(HEAD).collect(engine="streaming")
    except OSError as error:
        raise unreadable(path, error) from error
    except pl.exceptions.PolarsError as error:
        raise _complaint(path, error) from error
    if head.is_empty():
        raise BadInput(f"{path} has a header and no rows: there is nothing to import; give a file with rows")
    return Opened(source, head, lambda columns: _batches(path, look, rows.select(columns)))


def _scan(path: str, look: Look) -> pl.LazyFrame:
    if look.format == "parquet":
        return pl.scan_parquet(path, glob=False)
    if look.format == "json":
        return pl.scan_ndjson(path, schema=_all_text(_json_keys(path)))
    columns = header_of(path, look.separator)
    check_columns(path, columns)
    return pl.scan_csv(path, schema=_all_text(columns), separator=look.separator, glob=False)


def _all_text(columns: Sequence[str]) -> pl.Schema:
    return pl.Schema({column: pl.String() for column in columns})


def header_of(path: str, separator: str) -> list[str]:
    """The names in the header of a delimited file."""
    return [name.strip() for name in next(csv.reader([first_line(path)], delimiter=separator))]


def _json_keys(path: str) -> list[str]:
    """Every key that occurs in the first lines: later lines may leave keys out, and add none that count."""
    return pl.scan_ndjson(path, infer_schema_length=_JSON_LINES_FOR_KEYS).collect_schema().names()


def _batches(path: str, look: Look, rows: pl.LazyFrame) -> Iterator[Frame]:
    try:
        yield from rows.collect_batches(chunk_size=BATCH, maintain_order=True)
    except OSError as error:
        raise unreadable(path, error) from error
    except pl.exceptions.PolarsError as error:
        raise _complaint(path, error, look) from error


def _complaint(path: str, error: Exception, look: Look | None = None) -> BadInput:
    said = str(error)
    if "more fields" in said:
        return BadInput(f"{path} {_longer_line(path)}: put fields that hold a separator in double quotes")
    if "malformed" in said or ("could not parse" in said and '"' in said):
        return BadInput(
            f"{path} has a double quote that is not closed as it should be: look for a field that holds one"
        )
    if look is not None and look.format == "json":
        return BadInput(f"{path} has a line that is not a JSON object: every line must be one ({said[:200]})")
    return unreadable(path, error)


def _longer_line(path: str) -> str:
    """Which line has more fields than the header; packed files keep their secret."""
    try:
        separator = look_at(path).separator
        with open(path, encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, delimiter=separator)
            width = len(next(lines))
            for fields in lines:
                if len(fields) > width:
                    return f"has {len(fields)} fields in line {lines.line_num} and {width} in the header"
    except (UnicodeDecodeError, csv.Error, OSError, StopIteration):
        pass
    return "has a line with more fields than the header"
