"""Rows of a SQL query, from SQLite or PostgreSQL, as a stream of batches."""

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.core.extras import require
from slatewright.data.reading.opened import HEAD, Opened, check_columns
from slatewright.data.reading.source import Source

_FETCH = 100_000  # rows held as Python objects at one time


def open_database(source: Source) -> Opened:
    """Open a query of a database; the database is only read.

    Raises:
        BadInput: no such database, a refused query, or an answer without rows.
        MissingExtra: PostgreSQL without its driver.
    """
    frames = _frames(source, HEAD)
    head = next(frames, None)
    frames.close()
    if head is None:
        raise BadInput(f"{source.name}: the query gives no rows; there is nothing to import")
    return Opened(source, head, lambda columns: (frame.select(columns) for frame in _frames(source, _FETCH)))


def _frames(source: Source, size: int) -> Generator[Frame]:
    with _cursor(source) as cursor:
        columns = [str(column[0]) for column in cursor.description or ()]
        check_columns(source.name, columns)
        schema: pl.Schema | None = None
        while rows := cursor.fetchmany(size):
            frame = _frame(rows, columns, schema)
            schema = frame.schema if schema is None else schema
            yield frame


def _frame(rows: list[Any], columns: Sequence[str], schema: pl.Schema | None) -> Frame:
    """Rows as a frame; SQLite types values, not columns, so a column of several types becomes text."""
    try:
        frame = pl.DataFrame(rows, schema=schema or list(columns), orient="row", infer_schema_length=None, strict=True)
    except (TypeError, pl.exceptions.PolarsError):
        texts = [[None if value is None else str(value) for value in row] for row in rows]
        frame = pl.DataFrame(texts, schema={column: pl.String() for column in columns}, orient="row")
    empty = [name for name, kind in frame.schema.items() if kind == pl.Null]
    return frame.with_columns(pl.col(name).cast(pl.String) for name in empty)


@contextmanager
def _cursor(source: Source) -> Iterator[Any]:
    if source.place.startswith("sqlite"):
        with _sqlite(source) as cursor:
            yield cursor
    else:
        with _postgres(source) as cursor:
            yield cursor


@contextmanager
def _sqlite(source: Source) -> Iterator[Any]:
    path = Path(source.place.removeprefix("sqlite:///"))
    if not path.is_file():
        raise BadInput(
            f"{source.name}: there is no SQLite file {path}; write sqlite:///relative or sqlite:////absolute"
        )
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield connection.execute(str(source.query))
    except sqlite3.Error as error:
        raise BadInput(f"{source.name}: the database refused: {error}") from error
    finally:
        connection.close()


@contextmanager
def _postgres(source: Source) -> Iterator[Any]:
    psycopg = require("psycopg", extra="postgres", why="reading from PostgreSQL")
    try:
        with psycopg.connect(source.place) as connection:
            connection.read_only = True
            with connection.cursor(name="slatewright") as cursor:  # a named cursor streams instead of fetching all
                cursor.itersize = _FETCH
                cursor.execute(str(source.query))
                yield cursor
    except psycopg.Error as error:
        raise BadInput(f"{source.name}: the database refused: {' '.join(str(error).split())}") from error
