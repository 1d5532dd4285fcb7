"""Files that are whole or absent: written beside their place, forced to disk, then renamed."""

import hashlib
from pathlib import Path

from slatewright.core.disk import replace_bytes

__all__ = ["digest", "replace_bytes", "replace_text"]

BLOCK = 1 << 20


def replace_text(path: Path, text: str) -> None:
    """Put a text in place of a file in one step, as UTF-8; a reader sees the old text or the new one."""
    replace_bytes(path, text.encode())


def digest(path: Path) -> str:
    """The sha256 of a file, in hex."""
    total = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            total.update(block)
    return total.hexdigest()
