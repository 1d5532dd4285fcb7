"""The duty: work that one worker does for all of them."""

import fcntl
import os
import threading
from pathlib import Path


class Duty:
    """Whoever holds the lock file has the duty until its process ends; then the next one that asks has it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._asking = threading.Lock()
        self._descriptor: int | None = None
        self._mine = False

    def mine(self) -> bool:
        """Whether this process has it, or takes it now because nobody has."""
        with self._asking:
            if not self._mine:
                self._mine = self._taken()
            return self._mine

    def leave(self) -> None:
        """Let another one take it."""
        with self._asking:
            if self._descriptor is not None:
                os.close(self._descriptor)
            self._descriptor, self._mine = None, False

    def _taken(self) -> bool:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
