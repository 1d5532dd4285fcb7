"""Slates as a folder of Parquet files."""

import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.disk import sync
from slatewright.core.errors import NotWritten
from slatewright.serve.batching.job import Job
from slatewright.serve.batching.sinks import not_ours
from slatewright.store.files import replace_bytes

ABOUT = "_batch.json"  # readers of folders of Parquet pass over names that begin with _
PART = "part-{:06}.parquet"


@dataclass(frozen=True, slots=True)
class ParquetFolder:
    """``folder`` holds one file for each part and ``_batch.json``; it is written beside and put in place at the end."""

    folder: Path

    @property
    def place(self) -> str:
        """The folder."""
        return str(self.folder)

    def begin(self, job: Job) -> set[int] | None:
        """Make the folder beside ready.

        Raises:
            BadInput: the place is taken by something else.
            NotWritten: the disk refused.
        """
        if _id_in(self.folder) == job.id:
            shutil.rmtree(self._before, ignore_errors=True)
            return None
        if self.folder.exists() and (not self.folder.is_dir() or _id_in(self.folder) is None):
            raise not_ours(str(self.folder))
        try:
            if _id_in(self._beside) != job.id:
                shutil.rmtree(self._beside, ignore_errors=True)
                self._beside.mkdir(parents=True)
                replace_bytes(self._beside / ABOUT, orjson.dumps(asdict(job), option=orjson.OPT_INDENT_2))
            for cut_short in self._beside.glob(".*"):
                cut_short.unlink()
        except OSError as error:
            raise NotWritten(f"{self._beside} cannot be written: {error}") from error
        return {part for part in range(job.n_parts) if (self._beside / PART.format(part)).exists()}

    def put(self, job: Job, part: int, slates: Frame) -> None:
        """Write a file under another name, force it to the disk, rename it.

        Raises:
            NotWritten: the disk refused.
        """
        path = self._beside / PART.format(part)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            slates.write_parquet(unfinished, compression="zstd", compression_level=1)
            sync(unfinished)
            unfinished.rename(path)
            sync(path.parent)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise NotWritten(f"{path} could not be written; run the same command again to go on: {error}") from error

    def finish(self, job: Job) -> None:
        """Put the folder in place of the one before.

        Raises:
            NotWritten: the disk refused.
        """
        try:
            if self.folder.exists():
                shutil.rmtree(self._before, ignore_errors=True)
                self.folder.rename(self._before)
            self._beside.rename(self.folder)
            sync(self.folder.resolve().parent)
        except OSError as error:
            raise NotWritten(f"{self.folder} could not be put in place: {error}") from error
        shutil.rmtree(self._before, ignore_errors=True)

    @property
    def _beside(self) -> Path:
        return self.folder.with_name(f".{self.folder.name}.writing")

    @property
    def _before(self) -> Path:
        return self.folder.with_name(f".{self.folder.name}.before")


def _id_in(folder: Path) -> str | None:
    """The job that wrote a folder; None where none did."""
    try:
        about = orjson.loads((folder / ABOUT).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return str(about["id"]) if isinstance(about, dict) and "id" in about else None
