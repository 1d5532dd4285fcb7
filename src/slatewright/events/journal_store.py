"""The SQLite file below the journal: which rows it holds and how far they have come."""

import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from slatewright.core.errors import NotWritten

Row: TypeAlias = tuple[str, str, bytes, int]  # table, event_id, body (JSON), arrived (µs UTC)

# A row is pending until its batch is done. ``batch`` is null until a flush takes the row; ``done`` is the last batch of
# a table that is known to be in the log.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    tab TEXT NOT NULL,
    event_id TEXT NOT NULL,
    body BLOB NOT NULL,
    arrived INTEGER NOT NULL,
    batch INTEGER,
    UNIQUE (tab, event_id)
);
CREATE INDEX IF NOT EXISTS by_batch ON events (tab, batch);
CREATE TABLE IF NOT EXISTS progress (tab TEXT PRIMARY KEY, done INTEGER NOT NULL, log_version INTEGER);
CREATE TABLE IF NOT EXISTS identity (name TEXT NOT NULL);
"""
_PENDING = """
SELECT body FROM events WHERE tab = ?1 AND batch IS NULL
UNION ALL
SELECT body FROM events WHERE tab = ?1 AND batch > coalesce((SELECT done FROM progress WHERE tab = ?1), 0)
"""
# All rows in one statement, which is a transaction by itself: whenever a thread comes back from SQLite, others may have
# the interpreter for a tenth of a second. Rows of nulls, which nothing may hold, fill a statement up and are ignored.
_INSERT = {
    many: f"INSERT OR IGNORE INTO events (tab, event_id, body, arrived) VALUES {', '.join(['(?, ?, ?, ?)'] * many)}"  # noqa: S608
    for many in (1, 8, 64, 512, 4096)
}
_NOTHING = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows on their way to the log, and whether more may be waiting behind them."""

    number: int
    bodies: list[bytes]
    more: bool


class JournalStore:
    """One writing connection, used by one thread at a time; one for whoever follows the rows; others open their own."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with not_written(path):
            self._connection, self._follower = self._connect(), self._connect()
            self._following = threading.Lock()
            self._connection.executescript(_SCHEMA)
            with self._transaction() as run:
                run.execute(
                    "INSERT INTO identity SELECT ? WHERE NOT EXISTS (SELECT 1 FROM identity)", (secrets.token_hex(8),)
                )
            (name,) = self._connection.execute("SELECT name FROM identity").fetchone()
            self.name = f"journal-{name}"

    def close(self) -> None:
        with self._following:
            self._follower.close()
        self._connection.close()

    def insert(self, groups: Sequence[Sequence[Row]]) -> list[int]:
        """Add several groups of rows in one durable transaction; how many of each group were new."""
        rows = [row for group in groups for row in group]
        most = max(_INSERT)
        portions = [rows[at : at + most] for at in range(0, len(rows), most)]
        with self._transaction() if len(portions) > 1 else not_written(self._path):
            new = set[tuple[str, str]]().union(*map(self._add, portions))
        return [_take(new, group) for group in groups]

    def pending(self, table: str) -> list[bytes]:
        """The bodies of all rows that are not known to be in the log; sees one instant, blocks nobody."""
        with closing(self._connect()) as reader:
            return [body for (body,) in reader.execute(_PENDING, (table,))]

    def waiting(self, table: str) -> int:
        """How many rows are not known to be in the log."""
        with closing(self._connect()) as reader:
            (count,) = reader.execute(f"SELECT count(*) FROM ({_PENDING})", (table,)).fetchone()  # noqa: S608
            return int(count)

    def take(self, table: str, limit: int) -> "Batch":
        """The open batch of a table: the one a dead flush left behind, or else a new one of at most ``limit`` rows."""
        with self._transaction() as run:
            number = self._done(table) + 1
            select = "SELECT body FROM events WHERE tab = ? AND batch = ? ORDER BY seq"
            left_behind = run.execute(select, (table, number)).fetchall()
            if left_behind:
                return Batch(number, [body for (body,) in left_behind], more=True)
            run.execute(
                "UPDATE events SET batch = ? WHERE seq IN"
                " (SELECT seq FROM events WHERE tab = ? AND batch IS NULL ORDER BY seq LIMIT ?)",
                (number, table, limit),
            )
            bodies = [body for (body,) in run.execute(select, (table, number))]
        return Batch(number, bodies, more=len(bodies) == limit)

    def finish(self, table: str, batch: int, log_version: int | None) -> None:
        """Note that a batch is in the log, and the version of the log that holds it."""
        with self._transaction() as run:
            run.execute("INSERT OR REPLACE INTO progress VALUES (?, ?, ?)", (table, batch, log_version))

    def log_version(self, table: str) -> int | None:
        """The version of the log right after our last batch."""
        found = self._connection.execute("SELECT log_version FROM progress WHERE tab = ?", (table,)).fetchone()
        return found[0] if found else None

    def prune(self, table: str, arrived_before: int) -> None:
        """Forget rows that have been in the log for long; the newest stays, so that no number is given twice."""
        with self._transaction() as run:
            run.execute(
                "DELETE FROM events WHERE tab = ? AND batch <= ? AND arrived < ?"
                " AND seq < (SELECT max(seq) FROM events)",
                (table, self._done(table), arrived_before),
            )

    def ends(self) -> tuple[int, int]:
        """The numbers of the oldest row that is still there and of the newest; 1 and 0 where there never was one."""
        with self._following:
            # one question each: asked for both at once, SQLite reads every row
            select = "SELECT (SELECT min(seq) FROM events), (SELECT max(seq) FROM events)"
            first, last = self._follower.execute(select).fetchone()
        return (1, 0) if first is None else (int(first), int(last))

    def after(self, number: int, limit: int) -> list[tuple[int, str, bytes]]:
        """The rows after a number, oldest first, at most ``limit``: number, table, body."""
        with self._following:
            select = "SELECT seq, tab, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
            return self._follower.execute(select, (number, limit)).fetchall()

    def _add(self, rows: Sequence[Row]) -> set[tuple[str, str]]:
        """Add rows by one statement; the tables and ids of those that are new."""
        many = next(many for many in sorted(_INSERT) if many >= len(rows))
        before = self._connection.total_changes
        values = [value for row in (*rows, *[_NOTHING] * (many - len(rows))) for value in row]
        last = self._connection.execute(_INSERT[many], values).lastrowid
        added = self._connection.total_changes - before
        if added == len(rows):
            return {(table, event_id) for table, event_id, _, _ in rows}
        select = "SELECT tab, event_id FROM events WHERE seq > ? AND seq <= ?"
        return set(self._connection.execute(select, (last - added, last))) if last and added else set()

    def _done(self, table: str) -> int:
        found = self._connection.execute("SELECT done FROM progress WHERE tab = ?", (table,)).fetchone()
        return found[0] if found else 0

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a commit is on the disk when it returns
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with not_written(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@contextmanager
def not_written(path: Path) -> Iterator[None]:
    """Say in our words that SQLite could not write."""
    try:
        yield
    except sqlite3.Error as error:
        raise NotWritten(f"{path} could not be written ({error}); nothing was taken. Is the disk full?") from error


def _take(new: set[tuple[str, str]], group: Sequence[Row]) -> int:
    """How many rows of a group are new; an event counts for the first group that brings it."""
    found = {(table, event_id) for table, event_id, _, _ in group} & new
    new -= found
    return len(found)
