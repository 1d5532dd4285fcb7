"""The runs of a shop, each a folder that is whole or absent.

runs/<id>/run.json   the record, see ``run``
runs/<id>/<file>     what else came of it: tables, plots
"""

import os
import re
import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from slatewright.core.clock import iso
from slatewright.core.disk import sync
from slatewright.core.errors import BadInput, NotThere, NotWritten
from slatewright.store.run import RECORD, Run, read_run

TEMPORARY = ".writing-"
LAST = re.compile(r"last(?:~(\d+))?")
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True)
class Runs:
    """The folder of the runs of one shop."""

    root: Path

    def add(self, run: Run, files: Mapping[str, bytes]) -> Run:
        """Write a run and its files in one step; returns it with the id that it got.

        Ids are the instant of the start and the kind, so their order is that of time; two runs of one instant get two
        ids. Whatever stops the writing, there is either the whole run or nothing of that name.

        Raises:
            NotWritten: the disk refused (full, read-only).
            BadInput: a file has a name that is not a plain one.
        """
        if wrong := [name for name in files if not FILE.fullmatch(name) or name == RECORD]:
            raise BadInput(f"a file of a run must have a plain name of its own, got {wrong[0]!r}")
        folder = self.root / f"{TEMPORARY}{os.getpid()}-{threading.get_ident()}"
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for name, content in files.items():
                _write(folder / name, content)
            return self._named(folder, replace(run, files=tuple(files)))
        except OSError as error:
            raise NotWritten(f"the run could not be recorded in {self.root}: {error}") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def ids(self) -> list[str]:
        """Every run, oldest first."""
        return sorted(path.parent.name for path in self.root.glob(f"[!.]*/{RECORD}"))

    def read(self, run: str) -> Run:
        """The record of a run, by its id, the beginning of one, ``last``, or ``last~1`` for the one before.

        Raises:
            NotThere: there is no such run.
            BadInput: more than one run begins so, or the record is damaged.
        """
        return read_run(self.folder(run))

    def folder(self, run: str) -> Path:
        """Where a run lies; named as in ``read``.

        Raises:
            NotThere: there is no such run.
            BadInput: more than one run begins so.
        """
        return self.root / _chosen(run, self.ids(), self.root)

    def _named(self, folder: Path, run: Run) -> Run:
        """Give the folder the first name that is free, its record being written for that name."""
        moment = run.started
        while True:
            while any(self.root.glob(f"{_stamp(moment)}-*")):
                moment += 1
            named = replace(run, id=f"{_stamp(moment)}-{run.kind}")
            _write(folder / RECORD, named.to_bytes())
            sync(folder)
            try:
                folder.rename(self.root / named.id)
            except OSError:
                if not (self.root / named.id).exists():
                    raise
                continue  # somebody else took it in between
            sync(self.root)
            return named


def _chosen(run: str, ids: list[str], root: Path) -> str:
    if run in ids:
        return run
    if back := LAST.fullmatch(run):
        steps = int(back[1] or 0)
        if steps < len(ids):
            return ids[-1 - steps]
    found = [one for one in ids if one.startswith(run)] if run else []
    if len(found) > 1:
        raise BadInput(f"{run!r} is the beginning of {len(found)} runs: {', '.join(found[:5])}; give more of it")
    if not found:
        have = f"the latest is {ids[-1]}; list all with: slatewright runs" if ids else "none is recorded yet"
        raise NotThere(f"there is no run {run!r} in {root}; {have}")
    return found[0]


def _stamp(instant: int) -> str:
    """``20111001T120000.000000`` for an instant: in order of time, also as text."""
    text = iso(instant).partition("+")[0].replace("-", "").replace(":", "")
    return text if "." in text else f"{text}.000000"


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    sync(path)
