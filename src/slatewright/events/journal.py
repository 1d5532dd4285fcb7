"""The journal: where the server writes an event before it acknowledges it, and from where events move to the log.

The log likes few large commits, a request wants one small durable one. So ``append`` commits to SQLite (write-ahead
log, flushed to the disk), and ``flush`` moves what is pending to the log in one commit that carries a transaction
number. A flush that dies between the two leaves its batch open; the next one asks the log whether it has that number.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

import orjson
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY, wall_clock
from slatewright.core.errors import BadInput
from slatewright.events.journal_store import Batch, JournalStore, Row
from slatewright.events.log import EventLog
from slatewright.events.records import Impression, Interaction, ItemUpdate, UserUpdate
from slatewright.events.schema import TABLES, conform

Record: TypeAlias = Interaction | Impression | ItemUpdate | UserUpdate
JOURNALED = ("interactions", "impressions", "item_updates", "user_updates")
_BATCH_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a request: events that are new and durable now, and events that were known before."""

    accepted: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """Rows of a journal in the order of their arrival: those numbered above ``after`` up to ``upto``.

    ``rows`` are their tables and the events themselves, as JSON.
    """

    journal: str
    after: int
    upto: int
    rows: Sequence[tuple[str, bytes]]

    def tables(self) -> dict[str, Frame]:
        """The events in canonical columns, by table; of a table without any there is none."""
        bodies = {name: [body for table, body in self.rows if table == name] for name in JOURNALED}
        return {name: _frame(name, some) for name, some in bodies.items() if some}


@dataclass(frozen=True, slots=True)
class Events:
    """What one request brings: all of it is taken, or nothing."""

    interactions: Sequence[Interaction] = ()
    impressions: Sequence[Impression] = ()
    item_updates: Sequence[ItemUpdate] = ()
    user_updates: Sequence[UserUpdate] = ()


class Journal:
    """Durable, idempotent by event_id, safe for threads and for several processes on one file.

    An event_id is remembered for ``keep_days`` after it arrived (and as long as it is not in the log).
    """

    def __init__(self, path: Path, *, keep_days: float = 7.0, clock: Callable[[], int] = wall_clock) -> None:
        self._store = JournalStore(path)
        self._keep = round(keep_days * MICROSECONDS_PER_DAY)
        self._clock = clock
        self._writing = threading.Lock()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go; what is pending stays in it."""
        with self._writing:
            self._store.close()

    def append(
        self,
        interactions: Sequence[Interaction],
        impressions: Sequence[Impression] = (),
        item_updates: Sequence[ItemUpdate] = (),
        user_updates: Sequence[UserUpdate] = (),
    ) -> Receipt:
        """Write events; when this returns they are on the disk.

        Raises:
            BadInput: an id is not valid text.
            NotWritten: the disk refused; none of these events was taken.
        """
        (receipt,) = self.append_together([Events(interactions, impressions, item_updates, user_updates)])
        if isinstance(receipt, BadInput):
            raise receipt
        return receipt

    def append_together(self, requests: Sequence[Events]) -> list[Receipt | BadInput]:
        """Write what several requests bring in one commit; what becomes of each.

        One that cannot be written as text is left out, alone. Of an event that two of them bring, the first is new.

        Raises:
            NotWritten: the disk refused; nothing of any of them was taken.
        """
        arrived = self._clock()
        told = [_rows(events, arrived) for events in requests]
        groups = [rows for rows in told if isinstance(rows, list)]
        with self._writing:
            accepted = iter(self._store.insert(groups) if any(groups) else [0] * len(groups))
        return [rows if isinstance(rows, BadInput) else _receipt(next(accepted), len(rows)) for rows in told]

    def pending(self) -> dict[str, Frame]:
        """What is not known to be in the log yet, by table, in canonical columns.

        Right after a crash a row can be both here and in the log: readers of both keep one per event_id.
        """
        return {table: _frame(table, self._store.pending(table)) for table in JOURNALED}

    def waiting(self) -> int:
        """How many rows ``pending`` would give."""
        return sum(self._store.waiting(table) for table in JOURNALED)

    @property
    def name(self) -> str:
        """The name of this journal, which no other has."""
        return self._store.name

    def newest(self) -> int:
        """The number of the newest row, 0 where there never was one. Rows are numbered as they arrive, from 1."""
        return self._store.ends()[1]

    def reaches_back_to(self, number: int) -> bool:
        """Whether every row after a number is still here; rows in the log go after ``keep_days``."""
        first, last = self._store.ends()
        return first - 1 <= number <= last

    def after(self, number: int, *, limit: int = _BATCH_ROWS) -> Arrived:
        """The rows after a number, whether they are in the log or not, at most ``limit``, the oldest.

        Each event is in one row only, so whoever keeps the number of the last row that it has counted, counts each
        event once.
        """
        rows = self._store.after(number, limit)
        upto = rows[-1][0] if rows else number
        return Arrived(self.name, number, upto, [(table, body) for _, table, body in rows])

    def flush(self, log: EventLog, *, wait: bool = True) -> int:
        """Move what is pending to the log and return how many events moved.

        Raises:
            Busy: another writer has the log and ``wait`` is False; the events stay pending.
            NotWritten: a disk refused; the events stay pending.
        """
        with log.lock(wait=wait):
            return sum(self._flush_table(log, table) for table in JOURNALED)

    def _flush_table(self, log: EventLog, table: str) -> int:
        moved, more = 0, True
        while more:
            with self._writing:
                batch = self._store.take(table, _BATCH_ROWS)
            if batch.bodies:
                moved += self._move(log, table, batch)
            with self._writing:
                if batch.bodies:
                    self._store.finish(table, batch.number, log.version(table))
                self._store.prune(table, self._clock() - self._keep)
            more = batch.more
        return moved

    def _move(self, log: EventLog, table: str, batch: Batch) -> int:
        if (log.last_transaction(table, self._store.name) or 0) >= batch.number:
            return 0  # an earlier flush died after its commit
        rows = _frame(table, batch.bodies)
        if log.version(table) != self._store.log_version(table):
            rows = log.unlogged(table, rows)  # somebody else wrote: an import may hold events of ours
        log.append(table, rows, transaction=(self._store.name, batch.number))
        return rows.height


def _receipt(accepted: int, given: int) -> Receipt:
    return Receipt(accepted, given - accepted)


def _rows(events: Events, arrived: int) -> list[Row] | BadInput:
    given: tuple[Sequence[Record], ...] = (
        events.interactions, events.impressions, events.item_updates, events.user_updates,
    )  # fmt: skip
    try:
        return [_row(table, one, arrived) for table, some in zip(JOURNALED, given, strict=True) for one in some]
    except BadInput as error:
        return error


def _row(table: str, record: Record, arrived: int) -> Row:
    try:
        told: object = record
        if isinstance(record, ItemUpdate | UserUpdate):  # the log has facts as one text: every shop has its own
            facts = orjson.dumps(dict(record.facts)).decode()
            whose = {"item_id": record.item_id} if isinstance(record, ItemUpdate) else {"user_id": record.user_id}
            told = {"event_id": record.event_id, **whose, "time": record.time, "facts": facts}
        return table, record.event_id, orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY), arrived
    except (TypeError, UnicodeEncodeError) as error:
        raise BadInput(f"event {record.event_id!r} cannot be written: {error}") from error


def _frame(table: str, bodies: list[bytes]) -> Frame:
    fields = [pl.Field(name, pl.Int64() if name == "time" else kind) for name, kind in TABLES[table].items()]
    texts = pl.Series(bodies, dtype=pl.Binary).cast(pl.String)
    return conform(texts.str.json_decode(pl.Struct(fields)).struct.unnest(), table)
