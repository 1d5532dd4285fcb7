"""The ledger: who did what to the shop as its administrator. It names keys and versions, never a user of the shop.

ledger/2026-11.jsonl   one line of JSON for each deed, one file for each month
"""

import os
from dataclasses import dataclass
from pathlib import Path

import orjson

from slatewright.core.clock import iso
from slatewright.core.errors import NotWritten

OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one shop. Lines are only ever added; old files may be moved away."""

    root: Path

    def note(self, now: int, who: str, what: str, **about: str | int) -> None:
        """Add a deed and force it to the disk.

        Raises:
            NotWritten: the disk refused.
        """
        when = iso(now)
        line = orjson.dumps({"time": when, "who": who, "what": what, **about}) + b"\n"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.root / f"{when[:7]}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
            try:
                os.write(handle, line)  # one write of one line: writers in other processes do not mix with it
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise NotWritten(f"the ledger {self.root} could not be written: {error}") from error

    def deeds(self) -> list[dict[str, str | int]]:
        """Every deed, oldest first; a line that a killed writer cut short is left out."""
        lines = [line for path in sorted(self.root.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
        return [deed for line in lines if (deed := _read(line)) is not None]


def _read(line: bytes) -> dict[str, str | int] | None:
    try:
        deed: dict[str, str | int] = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return deed
