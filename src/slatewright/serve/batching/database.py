"""Slates as a table of SQLite or PostgreSQL."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput, NotWritten
from slatewright.core.extras import require
from slatewright.serve.batching.job import Job
from slatewright.serve.batching.sinks import not_ours
from slatewright.store.secrets import without_secrets

TABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")
BOOKS = "slatewright_batches"  # which parts of which job are written; part -1: it is finished, -2: it was begun
FINISHED, BEGUN = -1, -2
SQLITE = "sqlite:///"
PATIENCE = 60.0  # seconds to wait for another process that writes
TYPES = {pl.String: "TEXT", pl.Int32: "INTEGER", pl.Float32: "REAL"}
COLUMNS = {
    "user_id": pl.String(),
    "position": pl.Int32(),
    "item_id": pl.String(),
    "score": pl.Float32(),
    "source": pl.String(),
    "fallback": pl.String(),
    "slate_id": pl.String(),
    "version": pl.String(),
    "time": pl.Datetime("us", "UTC"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a database. Parts gather in ``<table>_writing`` and are moved in one transaction at the end.

    Raises:
        BadInput: the table has an impossible name, or the URL no path.
    """

    url: str
    table: str

    def __post_init__(self) -> None:
        if self._is_sqlite and not (self.url.startswith(SQLITE) and self.url.removeprefix(SQLITE).strip("/")):
            raise BadInput(f"a database of SQLite must be named as {SQLITE}slates.db, got {self.url!r}")
        if not TABLE.fullmatch(self.table):
            raise BadInput(f"--table must be a plain name of letters, digits and _, like slates; got {self.table!r}")
        object.__setattr__(self, "table", self.table.lower())  # databases take Slates for slates

    @property
    def place(self) -> str:
        """The database and the table."""
        url = f"{SQLITE}{_path(self.url).resolve()}" if self._is_sqlite else self.url
        return f"{url}\n{self.table}"

    def begin(self, job: Job) -> set[int] | None:
        """Make the tables ready.

        Raises:
            BadInput: the table, or the one beside it, is there and no batch has written it.
            NotWritten: the database refused.
        """
        with self._transaction() as run:
            run(f"CREATE TABLE IF NOT EXISTS {BOOKS} (name TEXT, job TEXT, part INTEGER, PRIMARY KEY (name, part))")
            rows = run(f"SELECT job, part FROM {BOOKS} WHERE name = '{self.table}'")  # noqa: S608 (a checked name)
            books = {int(part): str(name) for name, part in rows}
            if books.get(FINISHED) == job.id:
                return None
            for note, name in ((FINISHED, self.table), (BEGUN, self._beside)):
                if note not in books and self._is_there(run, name):
                    raise not_ours(f"the table {name}")
            if books.get(BEGUN) != job.id:
                run(f"DELETE FROM {BOOKS} WHERE name = '{self.table}' AND part <> {FINISHED}")  # noqa: S608
                run(f"DROP TABLE IF EXISTS {self._beside}")
                run(f"CREATE TABLE {self._beside} ({self._columns()})")
                run(f"INSERT INTO {BOOKS} VALUES ('{self.table}', '{job.id}', {BEGUN})")  # noqa: S608
            return {part for part, name in books.items() if name == job.id and part >= 0}

    def put(self, job: Job, part: int, slates: Frame) -> None:
        """Write the rows and the note that they are there, in one transaction.

        Raises:
            NotWritten: the database refused.
        """
        with self._transaction() as run:
            self._insert(run, slates)
            run(f"INSERT INTO {BOOKS} VALUES ('{self.table}', '{job.id}', {part})")  # noqa: S608

    def finish(self, job: Job) -> None:
        """Put the rows in place of those before; the table itself stays, and with it who may read it.

        Raises:
            NotWritten: the database refused.
        """
        with self._transaction() as run:
            run(f"CREATE TABLE IF NOT EXISTS {self.table} ({self._columns()}, PRIMARY KEY (user_id, position))")
            run(f"DELETE FROM {self.table}")  # noqa: S608
            run(f"INSERT INTO {self.table} SELECT * FROM {self._beside}")  # noqa: S608
            run(f"DROP TABLE {self._beside}")
            run(f"DELETE FROM {BOOKS} WHERE name = '{self.table}'")  # noqa: S608
            run(f"INSERT INTO {BOOKS} VALUES ('{self.table}', '{job.id}', {FINISHED})")  # noqa: S608

    @property
    def _beside(self) -> str:
        return f"{self.table}_writing"

    @property
    def _is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def _columns(self) -> str:
        time = "TEXT" if self._is_sqlite else "TIMESTAMPTZ"
        return ", ".join(f"{name} {TYPES.get(type(kind), time)}" for name, kind in COLUMNS.items())

    def _is_there(self, run: Any, name: str) -> bool:
        sqlite = f"SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = '{name}'"  # noqa: S608
        postgres = f"SELECT 1 WHERE to_regclass('{name}') IS NOT NULL"
        return bool(list(run(sqlite if self._is_sqlite else postgres)))

    def _insert(self, run: Any, slates: Frame) -> None:
        if self._is_sqlite:
            told = slates.with_columns(pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00"))
            places = ", ".join("?" * len(COLUMNS))
            run.many(f"INSERT INTO {self._beside} VALUES ({places})", told.rows())  # noqa: S608
        else:
            run.copied(f"COPY {self._beside} FROM STDIN (FORMAT CSV)", slates.write_csv(include_header=False).encode())

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        with _sqlite(self.url) if self._is_sqlite else _postgres(self.url) as run:
            yield run


class _Lite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __call__(self, statement: str) -> list[Any]:
        return self._connection.execute(statement).fetchall()

    def many(self, statement: str, rows: list[Any]) -> None:
        self._connection.executemany(statement, rows)


class _Post:
    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def __call__(self, statement: str) -> list[Any]:
        self._cursor.execute(statement)
        return self._cursor.fetchall() if self._cursor.description else []

    def copied(self, statement: str, content: bytes) -> None:
        with self._cursor.copy(statement) as copy:
            copy.write(content)


def _path(url: str) -> Path:
    return Path(url.removeprefix(SQLITE))


@contextmanager
def _sqlite(url: str) -> Iterator[_Lite]:
    path = _path(url)
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
    except sqlite3.Error as error:
        raise NotWritten(f"the database {path} cannot be opened: {error}") from error
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield _Lite(connection)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise NotWritten(f"the database {path} refused: {error}") from error
    finally:
        connection.close()  # takes back what was not committed


@contextmanager
def _postgres(url: str) -> Iterator[_Post]:
    psycopg = require("psycopg", extra="postgres", why="writing slates to PostgreSQL")
    try:
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            yield _Post(cursor)
    except psycopg.Error as error:
        place = without_secrets(url)
        raise NotWritten(f"the database {place} refused: {' '.join(str(error).split())}") from error
