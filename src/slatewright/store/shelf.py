"""The shelf: all bundles of a shop, and the pointer to the one that is live.

bundles/<version>/     immutable, see ``bundle``
bundles/live           the version that is served, one line
bundles/promotions     every change of live, oldest first: "<instant> promote|rollback <version>"
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from slatewright.core.clock import iso
from slatewright.core.errors import BadInput, Busy, NotThere
from slatewright.store.bundle import TEMPORARY
from slatewright.store.card import CARD, Card, read_card
from slatewright.store.files import replace_text

LIVE = "live"
PROMOTIONS = "promotions"
LOCK = ".lock"
POINTING = ".live.lock"  # of its own: a rollback waits for nobody who writes and checks a bundle


@dataclass(frozen=True)
class Shelf:
    """The bundles of one shop."""

    root: Path

    def versions(self) -> list[str]:
        """Every version on the shelf, oldest data first."""
        if not self.root.is_dir():
            return []
        return sorted(path.parent.name for path in self.root.glob(f"*/{CARD}") if not path.parent.name.startswith("."))

    def folder(self, version: str) -> Path:
        """Where a version lies.

        Raises:
            NotThere: the shelf has no such version.
        """
        if version not in self.versions():
            have = ", ".join(self.versions()) or "none: run slatewright train"
            raise NotThere(f"there is no bundle {version!r} in {self.root}; there are: {have}")
        return self.root / version

    def card(self, version: str) -> Card:
        """The card of a version."""
        return read_card(self.folder(version))

    def live(self) -> str | None:
        """The version that is served; None before the first promotion."""
        try:
            return (self.root / LIVE).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def promote(self, version: str, *, now: int) -> None:
        """Point live at a version; a running server follows.

        Raises:
            NotThere: the shelf has no such version.
            BadBundle: its card cannot be read.
        """
        self.card(version)
        with self._held(POINTING):
            self._point("promote", version, now)

    def rollback(self, *, now: int) -> str:
        """Point live at the version that was live before, and return it.

        Raises:
            BadInput: nothing that is still on the shelf was live before.
        """
        with self._held(POINTING):
            there, before = set(self.versions()), self._before()
            version = next((one for one in reversed(before) if one in there), None)
            if version is None:
                raise BadInput(f"cannot roll back in {self.root}: no other bundle on the shelf was live before")
            self._point("rollback", version, now)
            return version

    def promotions(self) -> list[tuple[str, str, str]]:
        """Every change of live, oldest first: when (ISO-8601), ``promote`` or ``rollback``, and to which version."""
        try:
            lines = (self.root / PROMOTIONS).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        words = [line.split() for line in lines]
        return [(parts[0], parts[1], parts[2]) for parts in words if len(parts) == 3]

    def sweep(self) -> int:
        """Remove what killed writers left behind; the caller holds the lock."""
        leftovers = list(self.root.glob(f"{TEMPORARY}*"))
        for folder in leftovers:
            shutil.rmtree(folder, ignore_errors=True)
        return len(leftovers)

    @contextmanager
    def lock(self, *, wait: bool = True) -> Iterator[None]:
        """Hold the shelf against other writers of bundles, in this process and others; a killed one lets go by itself.

        Raises:
            Busy: somebody else holds it and ``wait`` is False.
        """
        with self._held(LOCK, wait=wait):
            yield

    @contextmanager
    def _held(self, name: str, *, wait: bool = True) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.root / name, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise Busy(f"another process is writing bundles in {self.root}; wait for it to finish") from error
            yield
        finally:
            os.close(handle)

    def _before(self) -> list[str]:
        """The versions that were live before the present one, oldest first; rolling back walks down this list."""
        stack: list[str] = []
        for _, verb, version in self.promotions():
            if verb == "rollback" and version in stack:
                del stack[stack.index(version) + 1 :]
            elif stack[-1:] != [version]:
                stack.append(version)
        live = self.live()
        while stack and stack[-1] != live:  # noted, but stopped before live was written
            stack.pop()
        return [version for version in stack if version != live]

    def _point(self, verb: str, version: str, now: int) -> None:
        path = self.root / PROMOTIONS
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        replace_text(path, f"{before}{iso(now)} {verb} {version}\n")
        replace_text(self.root / LIVE, version + "\n")
