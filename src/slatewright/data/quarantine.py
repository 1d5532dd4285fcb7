"""The quarantine: rows that were set aside, with file, row number and reason, as Parquet that a person can open."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.importing.disk import writing

FIRST = ("file", "row", "reason")


class Quarantine:
    """Rows set aside by one import; the file appears when the import is done, and replaces that of an earlier import
    of the same sources, so repeating an import repeats nothing here."""

    def __init__(self, folder: Path, sources: Sequence[str], parts: Path) -> None:
        digest = blake2b("\n".join(sources).encode(), digest_size=4).hexdigest()
        stem = Path(sources[0]).name.split(".")[0] or "import"
        safe = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in stem)[:60]
        self.path = folder / f"{safe}-{digest}.parquet"
        self.rows = 0
        self.reasons: dict[str, int] = {}
        self._sources = list(sources)
        self._parts = parts
        self._written: list[Path] = []

    def add(self, rows: Frame) -> None:
        """Set rows aside: ``file`` (position in the sources), ``row``, ``reason`` and what is known of the rest."""
        if rows.is_empty():
            return
        names = pl.Series(self._sources, dtype=pl.String).gather(rows["file"])
        shaped = rows.with_columns(file=names).select(*FIRST, pl.exclude(FIRST))
        for reason, count in rows["reason"].str.split(": ").list.first().value_counts().iter_rows():
            self.reasons[reason] = self.reasons.get(reason, 0) + count
        path = self._parts / f"quarantine-{len(self._written)}.arrow"
        with writing(self.path):
            shaped.write_ipc(path, compression="lz4")
        self._written.append(path)
        self.rows += rows.height

    def seal(self) -> Path | None:
        """Write the file beside its place; ``show`` puts it there. None when nothing was set aside."""
        if not self._written:
            return None
        partial = self.path.with_suffix(".partial")
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            parts = pl.concat([pl.scan_ipc(path) for path in self._written], how="diagonal_relaxed")
            parts.sink_parquet(partial, compression="zstd")
        return partial

    def drop(self) -> None:
        """Take away what ``seal`` wrote and ``show`` did not show."""
        self.path.with_suffix(".partial").unlink(missing_ok=True)

    def show(self, partial: Path | None) -> Path | None:
        """Put the file in its place, or take away the one of an earlier import when nothing was set aside now."""
        if partial is None:
            self.path.unlink(missing_ok=True)
            return None
        partial.replace(self.path)
        return self.path
