"""Rows put on disk by user while they stream in, and read back so that each user's rows are together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.importing.disk import writing

BUCKETS = 64
_BUCKET = "bucket"


class Spill:
    """Rows with a ``user_id``, in ``BUCKETS`` buckets by user; up to ``limit`` rows wait in memory.

    As long as there are no more than ``limit`` rows nothing touches the disk.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._waiting: list[Frame] = []
        self._waiting_rows = 0
        self._rows = [0] * BUCKETS
        self._flushes = 0

    def add(self, rows: Frame) -> None:
        """Take rows in.

        Raises:
            NotWritten: the disk refused.
        """
        if rows.is_empty():
            return
        if self._waiting_rows and self._waiting_rows + rows.height > self._limit:
            self._flush()
        self._waiting.append(rows)
        self._waiting_rows += rows.height

    def partitions(self) -> Iterator[list[int]]:
        """Groups of neighbouring buckets of at most ``limit`` rows, or of one bucket that has more."""
        if self._flushes == 0:
            yield list(range(BUCKETS))
            return
        self._flush()
        group: list[int] = []
        for bucket, rows in enumerate(self._rows):
            if group and sum(self._rows[b] for b in group) + rows > self._limit:
                yield group
                group = []
            group.append(bucket)
        yield group

    def read(self, buckets: list[int]) -> Frame:
        """All rows of some buckets, in the order they came in."""
        if self._flushes == 0:
            frames = self._waiting
        else:
            self._flush()
            paths = [self._path(flush, bucket) for flush in range(self._flushes) for bucket in buckets]
            frames = [pl.read_ipc(path) for path in paths if path.exists()]
        return pl.concat(frames, how="diagonal_relaxed") if frames else pl.DataFrame()

    def _flush(self) -> None:
        if not self._waiting:
            return
        rows = pl.concat(self._waiting, how="diagonal_relaxed")
        self._waiting, self._waiting_rows = [], 0
        bucketed = rows.with_columns((pl.col("user_id").hash() % BUCKETS).cast(pl.UInt8).alias(_BUCKET))
        del rows
        with writing(self._folder):
            for (bucket,), part in bucketed.partition_by(_BUCKET, as_dict=True, include_key=False).items():
                part.write_ipc(self._path(self._flushes, int(bucket)), compression="lz4")
                self._rows[int(bucket)] += part.height
        self._flushes += 1

    def _path(self, flush: int, bucket: int) -> Path:
        return self._folder / f"{flush}-{bucket}.arrow"


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A folder for the import's own files that is gone afterwards; what a killed import left goes too."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".import-*"):
        rmtree(left, ignore_errors=True)
    place = Path(mkdtemp(prefix=".import-", dir=folder))
    try:
        yield place
    finally:
        rmtree(place, ignore_errors=True)
