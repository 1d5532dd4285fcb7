"""Kept slates: how the latest answers came about, by slate_id, in a file that never grows beyond its budget.

The writer is a thread of its own: an answer never waits for the disk. No more is kept than fits into the budget for
``SPAN`` seconds, so that a rush does not wipe out what was kept before; what is left out is counted. Nothing here is
needed to answer, so the file is not flushed to the disk at every commit, and one that cannot be read is begun anew.
"""

import hashlib
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

log = logging.getLogger("slatewright.store")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS slates (
    seq INTEGER PRIMARY KEY,
    slate_id TEXT NOT NULL UNIQUE,
    user_id TEXT,
    time INTEGER NOT NULL,
    version TEXT NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS by_user ON slates (user_id, seq);
CREATE TABLE IF NOT EXISTS total (held INTEGER NOT NULL);
INSERT INTO total SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM total);
CREATE TABLE IF NOT EXISTS policies (name TEXT PRIMARY KEY, policy TEXT NOT NULL, newest INTEGER NOT NULL);
CREATE TRIGGER IF NOT EXISTS came AFTER INSERT ON slates BEGIN UPDATE total SET held = held + new.size; END;
CREATE TRIGGER IF NOT EXISTS went AFTER DELETE ON slates BEGIN UPDATE total SET held = held - old.size; END;
"""
_INSERT = """
INSERT INTO slates (slate_id, user_id, time, version, size, body) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (slate_id) DO NOTHING
"""
_INSERT_POLICY = """
INSERT INTO policies SELECT ?1, ?2, max(seq) FROM slates WHERE true
ON CONFLICT (name) DO UPDATE SET newest = excluded.newest
"""
_PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
SPAN = 600.0  # seconds for which the budget is to last, however much is asked
_RUSH = 0.1  # share of the budget that may be spent at once
AGAIN = "."  # between the slate_id of the slate that was made and what makes it that of one answer
_WAITING = 64  # slates that may wait for the writer, each with all that was read of its candidates
_AT_ONCE = 32  # slates of one commit


class Entry(NamedTuple):
    """One kept slate without its body: ``time`` is µs UTC, ``version`` the bundle that answered."""

    slate_id: str
    user_id: str | None
    time: int
    version: str


@dataclass(frozen=True, slots=True)
class _Offer:
    entry: Entry
    body: Callable[[], bytes]
    policy: str


@lru_cache(maxsize=8)
def name_of(policy: str) -> str:
    """The name under which a text of rules is kept; none for no text."""
    return hashlib.sha256(policy.encode()).hexdigest()[:16] if policy else ""


class KeptSlates:
    """The latest slates of one shop, at most ``max_bytes`` of them, the oldest leaving first; safe for threads.

    Several processes may keep slates in one file; ``share`` is what one of them may spend of the budget.
    """

    def __init__(
        self, path: Path, max_bytes: int, *, share: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._path, self._max_bytes, self._clock = path, max_bytes, clock
        self._spends = max_bytes * share
        self._allowed, self._asked = _RUSH * self._spends, clock()  # bytes that may be kept now, when that was so
        self._allowing = threading.Lock()
        self._offers: queue.Queue[_Offer | None] = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=self._write, name="slatewright-kept-slates", daemon=True)
        self.missed = 0

    def start(self) -> None:
        """Begin to write."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        if self._thread.is_alive():
            self._offers.put(None)
            self._thread.join()

    def offer(self, entry: Entry, body: Callable[[], bytes], policy: str = "") -> None:
        """Keep a slate if there is room and the writer can follow; ``body`` is called by the writer.

        ``policy`` is the text of the shop's rules; it is kept once, for as long as a slate that was made by it.
        """
        if not self._allows(0):
            self.missed += 1
            return
        try:
            self._offers.put_nowait(_Offer(entry, body, policy))
        except queue.Full:
            self.missed += 1

    def find(self, slate_id: str) -> bytes | None:
        """The body of a kept slate by the slate_id of any of its answers; None where it is not here (any more)."""
        rows = self._read("SELECT body FROM slates WHERE slate_id = ?", slate_id.partition(AGAIN)[0])
        return bytes(rows[0][0]) if rows else None

    def policy(self, name: str) -> str | None:
        """The text of rules that is kept under a name; None where it is not here (any more)."""
        rows = self._read("SELECT policy FROM policies WHERE name = ?", name) if name else [("",)]
        return str(rows[0][0]) if rows else None

    def latest(self, limit: int, user_id: str | None = None) -> list[Entry]:
        """The newest kept slates, of one user or of all, newest first."""
        columns = "SELECT slate_id, user_id, time, version FROM slates"
        if user_id is None:
            rows = self._read(f"{columns} ORDER BY seq DESC LIMIT ?", limit)
        else:
            rows = self._read(f"{columns} WHERE user_id = ? ORDER BY seq DESC LIMIT ?", user_id, limit)
        return [Entry(*row) for row in rows]

    def _write(self) -> None:
        """The writer: commits what waits, a batch at a time, until it is told to stop."""
        going = True
        while going:
            waiting = [self._offers.get()]
            while len(waiting) < _AT_ONCE and not self._offers.empty():
                waiting.append(self._offers.get())
            going = None not in waiting
            offers = [one for one in waiting if one is not None]
            try:
                self._commit(offers)
            except (sqlite3.Error, OSError) as error:  # a full disk: the slates of this batch are not kept
                self.missed += len(offers)
                log.warning("%d slates are not kept: %s", len(offers), error)

    def _commit(self, offers: list[_Offer]) -> None:
        rows = [(*offer.entry, len(body), body) for offer in offers if (body := self._afforded(offer)) is not None]
        if not rows:
            return
        with closing(self._opened()) as connection, connection:
            connection.executemany(_INSERT, rows)
            for policy in {offer.policy for offer in offers if offer.policy}:
                connection.execute(_INSERT_POLICY, (name_of(policy), policy))
            self._make_room(connection)

    def _afforded(self, offer: _Offer) -> bytes | None:
        """The body of a slate, unless more was kept of late than the budget allows."""
        if not self._allows(0):
            self.missed += 1
            return None
        body = offer.body()
        self._allows(len(body))
        return body

    def _allows(self, spent: int) -> bool:
        """Whether a slate may be kept now, after so many bytes were."""
        with self._allowing:
            now = self._clock()
            gained = (now - self._asked) * self._spends / SPAN
            self._allowed, self._asked = min(self._allowed + gained, _RUSH * self._spends) - spent, now
            return self._allowed > 0

    def _opened(self) -> sqlite3.Connection:
        """The file, begun anew where it is no database any more."""
        for _ in range(2):
            connection = sqlite3.connect(self._path, timeout=5)
            try:
                connection.executescript(_PRAGMAS + _SCHEMA)
            except sqlite3.DatabaseError as error:
                connection.close()
                if "not a database" not in str(error) and "malformed" not in str(error):
                    raise
                log.warning("%s is damaged and begun anew: %s", self._path, error)
                self._path.unlink(missing_ok=True)
            else:
                return connection
        raise sqlite3.DatabaseError(f"{self._path} cannot be begun anew")

    def _make_room(self, connection: sqlite3.Connection) -> None:
        """Let the oldest go, a tenth of the budget at a time, so that it is not done at every commit."""
        (held,) = connection.execute("SELECT held FROM total").fetchone()
        if held <= self._max_bytes:
            return
        excess, last = held - 0.9 * self._max_bytes, 0
        for seq, size in connection.execute("SELECT seq, size FROM slates ORDER BY seq"):
            excess, last = excess - size, seq
            if excess <= 0:
                break
        connection.execute("DELETE FROM slates WHERE seq <= ?", (last,))
        connection.execute("DELETE FROM policies WHERE newest <= ?", (last,))

    def _read(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        if not self._path.is_file():
            return []
        try:
            with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=1)) as connection:
                return connection.execute(question, values).fetchall()
        except sqlite3.Error as error:
            log.warning("%s cannot be read: %s", self._path, error)
            return []
