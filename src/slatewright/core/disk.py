"""What is written is only safe once the disk says so."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from slatewright.core.errors import NotWritten


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_bytes(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Put content in place of a file in one step; a reader sees the old content or the new.

    ``mode`` says who may read and write it, less what the process always withholds (its umask).

    Raises:
        NotWritten: the disk refused (full, read-only); the old content stands.
    """
    with replacing(path, mode=mode) as file:
        file.write(content)


@contextmanager
def replacing(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """The same for content that is written piece by piece: it takes the file's place when the block is over.

    Raises:
        NotWritten: the disk refused (full, read-only); the old content stands.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.unlink(missing_ok=True)
        beside.touch(mode)
        with beside.open("wb") as file:
            yield file
        sync(beside)
        beside.replace(path)
        sync(path.parent)
    except OSError as error:
        raise NotWritten(f"{path} could not be written and is as it was: {error}") from error
    finally:
        beside.unlink(missing_ok=True)
