"""Lists that people make by hand, in a file of the shop that the server follows: ``summer = ["A1", "B7"]``."""

import logging
import threading
import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from slatewright.core.arrays import Index
from slatewright.core.errors import BadInput
from slatewright.data.idmap import IdMap

FILE = "lists.toml"
log = logging.getLogger(__name__)


def read_lists(path: Path) -> dict[str, list[str]]:
    """The lists of a file, by name, item ids in order; none where there is no file.

    Raises:
        BadInput: the file is no TOML, or something in it is no list of item ids.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error
    for name, ids in told.items():
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise BadInput(f'{path}: {name} must be a list of item ids in quotes, {name} = ["A1", "B7"], got {ids!r}')
    return told


class ShopLists:
    """The lists as indices; a file that is followed is read again when it has changed.

    A file that cannot be read leaves the last good lists in place; ``problem`` then says why.
    """

    def __init__(self, items: IdMap) -> None:
        self.problem: str | None = None
        self._items = items
        self._path: Path | None = None
        self._state: tuple[int, int] | None = None
        self._lists: Mapping[str, Index] = {}
        self._reading = threading.Lock()

    def follow(self, path: Path) -> None:
        """Read the lists from this file from now on."""
        self._path, self._state = path, None
        self._look()

    def of(self, name: str) -> Index:
        """The items of a list, int32 (n,), distinct; none where there is no such list. Unknown ids are left out."""
        self._look()
        return self._lists.get(name, NONE)

    def _look(self) -> None:
        if self._path is None:
            return
        state = _state(self._path)
        if state != self._state and self._reading.acquire(blocking=False):
            try:
                self._read(self._path)
                self._state = state
            finally:
                self._reading.release()

    def _read(self, path: Path) -> None:
        try:
            told = read_lists(path)
        except BadInput as error:
            self.problem = str(error)
            log.warning("the lists stay as they were: %s", error)
            return
        self.problem = None
        self._lists = {name: self._items.locate(list(dict.fromkeys(ids)))[0] for name, ids in told.items()}


NONE = np.empty(0, dtype=np.int32)


def _state(path: Path) -> tuple[int, int] | None:
    """What changes when a file does; None where there is none."""
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size
