"""A bundle: an immutable folder of arrays, tables and one JSON card. No pickle anywhere.

<version>/card.json              what it is, and the sha256 of every other file
<version>/arrays/<name>.npy      read back memory-mapped
<version>/tables/<name>.arrow    Arrow IPC
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Arrays, Frame
from slatewright.core.clock import MICROSECONDS_PER_SECOND, iso
from slatewright.core.disk import sync
from slatewright.core.errors import BadBundle, NotWritten, SlatewrightError
from slatewright.store.card import CARD, Card, FileSum, read_card
from slatewright.store.files import digest

TEMPORARY = ".writing-"

Check = Callable[[Path], object]


@dataclass(frozen=True)
class Bundle:
    """What lies in a bundle's folder; arrays are memory-mapped and read-only."""

    version: str
    card: Card
    arrays: Arrays
    tables: Mapping[str, Frame]

    def part(self, prefix: str) -> dict[str, Array]:
        """The arrays under a prefix, without it: ``part("models/taste")``."""
        start = prefix + "/"
        return {name.removeprefix(start): array for name, array in self.arrays.items() if name.startswith(start)}


def write_bundle(
    shelf: Path, card: Card, arrays: Arrays, tables: Mapping[str, Frame], check: Check | None = None
) -> str:
    """Write a bundle below ``shelf`` in one step and return its version.

    The version is the instant it knows (``as_of``) and the first digits of the sum of its card, so the same data,
    recipe and knobs give the same version; one that is there already is left as it is. ``check`` looks at the folder
    before it gets its name (at the one that is there already), and refuses it by raising. Whatever stops the writing or
    the check, the shelf has either the whole bundle or nothing of that name.

    Raises:
        NotWritten: the disk refused (full, read-only); the shelf is as it was.
    """
    folder = shelf / f"{TEMPORARY}{os.getpid()}"
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        return _written(folder, card, arrays, tables, check)
    except SlatewrightError:  # what the check says, in its own words, also where it is an OSError
        raise
    except (OSError, pl.exceptions.PolarsError) as error:
        raise NotWritten(f"no bundle could be written to {shelf}; the shelf is as it was: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(folder: Path, card: Card, arrays: Arrays, tables: Mapping[str, Frame], check: Check | None) -> str:
    """Fill the folder, force it to disk, check it, and give it its name."""
    card = replace(card, files=_write_files(folder, arrays, tables))
    content = card.to_bytes()
    (folder / CARD).write_bytes(content)
    for path in (folder / CARD, folder):
        sync(path)
    version = f"{_stamp(card.as_of)}-{hashlib.sha256(content).hexdigest()[:10]}"
    named = folder.parent / version
    if check is not None:
        check(named if named.exists() else folder)
    if not named.exists():
        folder.rename(named)
        sync(folder.parent)
    return version


def _stamp(as_of: int) -> str:
    """``20111001T000000`` for an instant; one inside a second belongs to that second."""
    whole = as_of - as_of % MICROSECONDS_PER_SECOND
    return iso(whole)[:19].replace("-", "").replace(":", "")


def _write_files(folder: Path, arrays: Arrays, tables: Mapping[str, Frame]) -> dict[str, FileSum]:
    files = {}
    for name, array in arrays.items():
        path = _made(folder / "arrays" / f"{name}.npy")
        with path.open("wb") as stream:
            np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
        files[f"arrays/{name}.npy"] = _summed(path)
    for name, table in tables.items():
        path = _made(folder / "tables" / f"{name}.arrow")
        table.write_ipc(path, compression="uncompressed")
        files[f"tables/{name}.arrow"] = _summed(path)
    return files


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _summed(path: Path) -> FileSum:
    sync(path)
    return FileSum(path.stat().st_size, digest(path))


def read_bundle(folder: Path) -> Bundle:
    """Open a bundle, every file checked against its sum first.

    Raises:
        BadBundle: the folder is no bundle, a file is missing, cut short, foreign or altered.
    """
    card = read_card(folder)
    for name, expected in card.files.items():
        _check(folder / name, expected)
    arrays, tables = {}, {}
    for name in card.files:
        room, _, rest = name.partition("/")
        if room == "arrays":
            arrays[rest.removesuffix(".npy")] = _array(folder / name)
        else:
            tables[rest.removesuffix(".arrow")] = _table(folder / name)
    return Bundle(folder.name, card, arrays, tables)


def _check(path: Path, expected: FileSum) -> None:
    if not path.is_file():
        raise BadBundle(f"{path} is missing; train again or roll back")
    size = path.stat().st_size
    if size != expected.size:
        raise BadBundle(f"{path} must have {expected.size} bytes, got {size}; train again or roll back")
    if digest(path) != expected.sha256:
        raise BadBundle(f"{path} is not the file that was written: its sha256 differs; train again or roll back")


def _array(path: Path) -> Array:
    """The array, memory-mapped; one without elements cannot be mapped and is read."""
    try:
        with path.open("rb") as stream:
            np.lib.format.read_magic(stream)
            shape, _, _ = np.lib.format.read_array_header_1_0(stream)
            if 0 not in shape:
                # As a plain array: NumPy and Numba take a detour for every call with anything else.
                mapped: Array = np.lib.format.open_memmap(path, mode="r").view(np.ndarray)
                return mapped
            stream.seek(0)
            read: Array = np.lib.format.read_array(stream, allow_pickle=False)
            return read
    except (ValueError, OSError, EOFError) as error:
        raise BadBundle(f"{path} is not an array: {error}") from error


def _table(path: Path) -> Frame:
    try:
        return pl.read_ipc(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadBundle(f"{path} is not a table: {error}") from error
