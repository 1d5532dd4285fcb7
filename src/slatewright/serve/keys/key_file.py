"""The file of keys in the shop's folder: sums and rights, never the keys; read and written by its owner only."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from slatewright.core.errors import BadInput
from slatewright.events.writer_lock import writer_lock
from slatewright.serve.keys.key import Key, Scope
from slatewright.store.files import replace_bytes

FORMAT = 1
OWNER_ONLY = 0o600


def read_keys(path: Path) -> tuple[Key, ...]:
    """The keys of a file, the oldest first.

    Raises:
        FileNotFoundError: there is no such file.
        BadInput: it is not a file of keys.
    """
    try:
        raw = orjson.loads(path.read_bytes())
        if raw["format"] != FORMAT:
            raise ValueError(f"its format is {raw['format']!r}, this Slatewright reads {FORMAT}")
        return tuple(_key(one) for one in raw["keys"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path} is not a file of keys: {error}; write it with: slatewright keys") from error


def change_keys(path: Path, change: Callable[[tuple[Key, ...]], Sequence[Key]]) -> None:
    """Replace the keys of a file by what ``change`` makes of them; one writer at a time, one step for readers.

    Raises:
        BadInput: the file is not one of keys; nothing was changed.
        NotWritten: the disk refused; nothing was changed.
    """
    with writer_lock(path.with_name(f".{path.name}.lock")):
        keys = change(read_keys(path) if path.exists() else ())
        raw = {"format": FORMAT, "keys": [{**asdict(key), "scopes": sorted(key.scopes)} for key in keys]}
        replace_bytes(path, orjson.dumps(raw, option=orjson.OPT_INDENT_2) + b"\n", mode=OWNER_ONLY)


def _key(raw: dict[str, Any]) -> Key:
    return Key(**{**raw, "scopes": frozenset(map(Scope, raw["scopes"]))})
