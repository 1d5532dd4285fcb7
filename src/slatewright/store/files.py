"""Files that are whole or absent: written beside their place, forced to disk, then renamed."""

import hashlib
import os
from pathlib import Path

from slatewright.core.disk import sync
from slatewright.core.errors import NotWritten

BLOCK = 1 << 20


def replace_text(path: Path, text: str) -> None:
    """Put a text in place of a file in one step, as UTF-8; a reader sees the old text or the new one."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Put content in place of a file in one step; a reader sees the old content or the new.

    ``mode`` says who may read and write it, less what the process always withholds (its umask).

    Raises:
        NotWritten: the disk refused (full, read-only); the old content stands.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.unlink(missing_ok=True)
        beside.touch(mode)
        beside.write_bytes(content)
        sync(beside)
        beside.replace(path)
        sync(path.parent)
    except OSError as error:
        raise NotWritten(f"{path} could not be written and is as it was: {error}") from error
    finally:
        beside.unlink(missing_ok=True)


def digest(path: Path) -> str:
    """The sha256 of a file, in hex."""
    total = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            total.update(block)
    return total.hexdigest()
