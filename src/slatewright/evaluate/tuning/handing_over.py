"""The data of a search as files that several processes map: it is read once and lies in memory once."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from slatewright.core.arrays import Array


@dataclass(frozen=True, slots=True)
class Lying:
    """An array, series or frame in a file."""

    kind: type
    file: Path


@dataclass(frozen=True, slots=True)
class Parts:
    """A dataclass taken apart: its class, and what its fields hold."""

    kind: type
    fields: Mapping[str, Any]


def laid_out(thing: Any, folder: Path) -> Any:
    """The thing with every array and frame in it, however deep in dataclasses, replaced by a file in the folder."""
    if isinstance(thing, np.ndarray | pl.Series | pl.DataFrame):
        file = folder / str(len(list(folder.iterdir())))
        _write(thing, file)
        return Lying(type(thing), file)
    if is_dataclass(thing) and not isinstance(thing, type):
        return Parts(type(thing), {one.name: laid_out(getattr(thing, one.name), folder) for one in fields(thing)})
    return thing


def taken_up(thing: Any) -> Any:
    """The thing again; its arrays share the memory of their files until somebody writes into them."""
    if isinstance(thing, Parts):
        return thing.kind(**{name: taken_up(part) for name, part in thing.fields.items()})
    return _read(thing.kind, thing.file) if isinstance(thing, Lying) else thing


def _write(thing: Array | pl.Series | pl.DataFrame, file: Path) -> None:
    if isinstance(thing, np.ndarray):
        with file.open("wb") as stream:
            np.save(stream, thing)
        return
    (thing.to_frame() if isinstance(thing, pl.Series) else thing).write_ipc(file)


def _read(kind: type, file: Path) -> Array | pl.Series | pl.DataFrame:
    if kind is np.ndarray:
        array: Array = np.load(file)[:0] if _empty(file) else np.asarray(np.load(file, mmap_mode="c"))
        return array
    frame = pl.scan_ipc(file).collect()
    return frame.to_series() if kind is pl.Series else frame


def _empty(file: Path) -> bool:
    """Whether an array has nothing that could be mapped."""
    with file.open("rb") as stream:
        version = np.lib.format.read_magic(stream)
        shape = np.lib.format.read_array_header_1_0(stream)[0] if version == (1, 0) else (1,)
    return 0 in shape
