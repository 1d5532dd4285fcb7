"""Bulk writes: rows added piece by piece, which readers see all at once or never."""

import json
import os
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, create_table_with_add_actions

from slatewright.core.arrays import Frame
from slatewright.core.errors import NotWritten
from slatewright.events.log import EventLog
from slatewright.events.schema import DAY, conform, schema_of

_PIECE = 3_000_000  # rows that wait in memory until files are written: small files are slow to write and to read
_SETTINGS = {"delta.dataSkippingStatsColumns": "time"}


@dataclass
class BulkAppend:
    """Pieces of one commit: each ``add`` writes Parquet files that no reader knows of until ``commit`` names them.

    Polars writes these files, several at once, about three times faster than the table's own writer does with many
    days; and the pieces need not fit into memory together.
    """

    log: EventLog
    table: str
    rows: int = 0
    _name: str = field(default_factory=lambda: uuid.uuid4().hex)
    _files: list[AddAction] = field(default_factory=list)
    _waiting: list[Frame] = field(default_factory=list)
    _committed: bool = False

    def add(self, frame: Frame) -> None:
        """Write more rows, without showing them yet.

        Raises:
            BadInput: a required column is missing or null.
            NotWritten: the disk refused; nothing was added to the log.
        """
        if frame.is_empty():
            return
        self._waiting.append(conform(frame, self.table))
        self.rows += frame.height
        if sum(waiting.height for waiting in self._waiting) >= _PIECE:
            self.flush()

    def flush(self) -> None:
        """Write the rows that wait, one file for each of their days, without showing them yet.

        Raises:
            NotWritten: the disk refused; nothing was added to the log.
        """
        if not self._waiting:
            return
        rows = pl.concat(self._waiting).with_columns(pl.col("time").dt.date().alias(DAY)).sort(DAY)
        self._waiting = []
        days = rows[DAY].rle().struct.unnest()
        ends = np.cumsum(days["len"].to_numpy())
        pieces = [
            (str(day), rows.slice(int(start), int(end - start)).drop(DAY), f"{self._name}-{len(self._files) + at}")
            for at, (day, (start, end)) in enumerate(zip(days["value"], pairwise([0, *ends]), strict=True))
        ]
        try:
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                self._files += pool.map(lambda piece: self._write(*piece), pieces)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise self._not_written(error) from error

    def commit(self, *, transaction: tuple[str, int] | None = None) -> int | None:
        """Show everything that was added, in one atomic commit; returns the version of the table.

        Raises:
            NotWritten: the disk refused; nothing was added to the log.
        """
        self.flush()
        if self._files:
            marks = [Transaction(transaction[0], transaction[1])] if transaction else None
            with self.log.lock():
                try:
                    self._commit(self._files, CommitProperties(app_transactions=marks))
                except (OSError, DeltaError) as error:
                    raise self._not_written(error) from error
            self._committed = True
        return self.log.version(self.table)

    def discard(self) -> None:
        """Remove what was written and not committed; after a commit there is nothing to remove."""
        if self._committed:
            return
        for day in self._folder.glob(f"{DAY}=*"):
            for path in day.glob(f"{self._name}-*.parquet"):
                path.unlink(missing_ok=True)
            with suppress(OSError):
                day.rmdir()  # only where nothing else lies in it

    @property
    def _folder(self) -> Path:
        return self.log.root / self.table

    def _write(self, day: str, rows: Frame, name: str) -> AddAction:
        folder = self._folder / f"{DAY}={day}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.parquet"
        rows.write_parquet(path, compression="zstd", compression_level=1, statistics=False)
        times = rows["time"].dt
        first, last = (moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for moment in (times.min(), times.max()))  # type: ignore[union-attr]
        stats = {
            "numRecords": rows.height,
            "minValues": {"time": first},
            "maxValues": {"time": last},
            "nullCount": {"time": 0},
        }
        known = path.stat()
        return AddAction(
            f"{DAY}={day}/{path.name}",
            known.st_size,
            {DAY: day},
            known.st_mtime_ns // 1_000_000,
            True,
            json.dumps(stats),
        )

    def _commit(self, files: Sequence[AddAction], properties: CommitProperties) -> None:
        schema = Schema.from_arrow(pl.Schema({**schema_of(self.table), DAY: pl.Date()}))
        try:
            table = DeltaTable(str(self._folder))
        except TableNotFoundError:
            create_table_with_add_actions(
                str(self._folder), schema, list(files), partition_by=[DAY], configuration=dict(_SETTINGS),
                commit_properties=properties,
            )  # fmt: skip
            return
        table.create_write_transaction(list(files), "append", schema, partition_by=[DAY], commit_properties=properties)

    def _not_written(self, error: Exception) -> NotWritten:
        said = " ".join(str(error).split())
        return NotWritten(f"{self.table} could not be written to {self.log.root}; nothing was added: {said}")


@contextmanager
def bulk_append(log: EventLog, table: str) -> Iterator[BulkAppend]:
    """A bulk write of one table; whatever is not committed by the end is removed."""
    bulk = BulkAppend(log, table)
    try:
        yield bulk
    finally:
        bulk.discard()
