"""The log: everything that happened, append-only, as Delta tables partitioned by day.

Each event_id is in a table once: whoever appends keeps that promise (the importer and the journal ask ``unlogged``),
so reading never has to look for repeats.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput, NotThere, NotWritten
from slatewright.events.disk import flush_commit
from slatewright.events.schema import DAY, TABLES, conform, schema_of
from slatewright.events.writer_lock import writer_lock

# Only time is worth statistics: ids would fill the transaction log with text that prunes nothing.
_SETTINGS = {"delta.dataSkippingStatsColumns": "time"}
_COMPRESSION = WriterProperties(compression="ZSTD", compression_level=1)


@dataclass(frozen=True)
class EventLog:
    """The four tables of one shop, each a folder below ``root``.

    With ``pins`` (see ``pinned``) the log is one that is only read, as it was at those versions; with ``ends`` (µs UTC)
    nothing at or after that instant is in it.
    """

    root: Path
    pins: Mapping[str, int | None] | None = None
    ends: int | None = None

    def pinned(self, versions: Mapping[str, int | None] | None = None, *, ends: int | None = None) -> "EventLog":
        """The log as it is now, or was at these versions (None: the table had no event), whatever is added later."""
        return replace(self, pins=self.versions() if versions is None else dict(versions), ends=ends)

    def versions(self) -> dict[str, int | None]:
        """The version of every table, None while it has no event."""
        return {table: self.version(table) for table in TABLES}

    def append(self, table: str, frame: Frame, *, transaction: tuple[str, int] | None = None) -> int:
        """Add events in one atomic commit and return the new version of the table.

        ``transaction`` names an application and the number of its write; ``last_transaction`` reads it back, so that
        a writer that died after the commit knows it was made. Such a commit is also flushed to the disk, since its
        writer will forget the events; a bulk import can be repeated and is left to the system.

        Raises:
            BadInput: a required column is missing or null.
            NotWritten: the disk refused (full, read-only); the table is as it was before.
        """
        rows = conform(frame, table).with_columns(pl.col("time").dt.date().alias(DAY))
        marks = [Transaction(transaction[0], transaction[1])] if transaction else None
        with self.lock():
            try:
                write_deltalake(
                    self._folder(table),
                    rows,
                    mode="append",
                    partition_by=[DAY],
                    schema_mode="merge",
                    configuration=dict(_SETTINGS),
                    writer_properties=_COMPRESSION,
                    commit_properties=CommitProperties(app_transactions=marks),
                )
            except (OSError, DeltaError) as error:
                raise NotWritten(f"{table} could not be written to {self.root}; nothing was added: {error}") from error
            version = self.version(table) or 0
            if transaction:
                flush_commit(self.root / table, version)
            return version

    def scan(
        self, table: str, *, since: int | None = None, before: int | None = None, version: int | None = None
    ) -> pl.LazyFrame:
        """The events from ``since`` on and before ``before`` (µs UTC), lazily; only the days that matter are read.

        Raises:
            NotThere: the table has no such version, or a compaction removed it.
        """
        columns = list(schema_of(table))
        version = self.version(table) if self.pins is not None and version is None else version
        opened = None if self.pins is not None and version is None else self._open(table)
        if opened is None:
            return pl.LazyFrame(schema=schema_of(table))
        if version is not None:
            _go_back(opened, table, version)
        if self.ends is not None:
            before = self.ends if before is None else min(before, self.ends)
        rows = pl.scan_delta(opened)
        for instant, late in ((since, False), (before, True)):
            if instant is not None:
                moment = pl.lit(instant, dtype=pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
                day = moment.dt.date()
                rows = rows.filter(pl.col(DAY) <= day if late else pl.col(DAY) >= day)
                rows = rows.filter(pl.col("time") < moment if late else pl.col("time") >= moment)
        return rows.select(columns)

    def unlogged(self, table: str, frame: Frame) -> Frame:
        """The rows of ``frame`` whose event_id is not in the table yet; only the days of the frame are looked at.

        Hold ``lock`` from here to ``append``, or somebody may come between.
        """
        if frame.is_empty():
            return frame
        times = conform(frame, table)["time"].to_physical()
        ids = self.scan(table, since=int(times.min()), before=int(times.max()) + 1).select("event_id")  # type: ignore[arg-type]
        return frame.lazy().join(ids, on="event_id", how="anti", maintain_order="left").collect()

    def version(self, table: str) -> int | None:
        """The version of a table, or None while it has no event."""
        if self.pins is not None:
            return self.pins.get(table)
        opened = self._open(table)
        return None if opened is None else int(opened.version())

    def last_transaction(self, table: str, app: str) -> int | None:
        """The number of the last write of an application, or None."""
        opened = self._open(table)
        number = None if opened is None else opened.transaction_version(app)
        return None if number is None else int(number)

    def compact(self, *, keep_days: float = 30.0) -> None:
        """Merge each day's small files, and delete files that nothing has referred to for ``keep_days``.

        Those are the files that were merged (older versions of the table cannot be read any more once they are gone)
        and what writers left behind that died before their commit.
        """
        with self.lock():
            for table in TABLES:
                opened = self._open(table)
                if opened is not None:
                    opened.optimize.compact(writer_properties=_COMPRESSION)
                    opened.vacuum(
                        retention_hours=round(24 * keep_days),
                        dry_run=False,
                        enforce_retention_duration=False,
                        full=True,
                    )

    @contextmanager
    def lock(self, wait: bool = True) -> Iterator[None]:
        """Be the only writer; the same thread may enter again. Readers never wait.

        Raises:
            Busy: another process or thread writes and ``wait`` is False; the message names the process.
            BadInput: the log is pinned.
        """
        if self.pins is not None:
            raise BadInput(f"{self.root} is pinned to a version here: it can only be read")
        with writer_lock(self.root / "writer.lock", wait=wait):
            yield

    def _folder(self, table: str) -> str:
        schema_of(table)
        return str(self.root / table)

    def _open(self, table: str) -> DeltaTable | None:
        try:
            return DeltaTable(self._folder(table))
        except TableNotFoundError:
            return None


def _go_back(opened: DeltaTable, table: str, version: int) -> None:
    """Show the table as it was at a version, if all of its files are still there."""
    if opened.version() == version:
        return
    try:
        opened.load_as_version(version)
        gone = [path for path in opened.file_uris() if "://" not in path and not Path(path).exists()]
    except DeltaError as error:
        raise NotThere(f"{table} has no version {version} (any more): {error}") from error
    if gone:
        raise NotThere(
            f"{table} has no version {version} any more: {len(gone)} of its files were removed when the log was "
            "compacted, and cannot be brought back"
        )
