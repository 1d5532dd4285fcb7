"""One writer at a time, over threads and processes; a lock dies with the process that held it."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from slatewright.core.errors import Busy, NotWritten

_registry: dict[Path, "_Turn"] = {}
_registering = threading.Lock()


@dataclass
class _Turn:
    """The turn of this process at one lock file: the thread that has it may enter again."""

    thread: threading.RLock = field(default_factory=threading.RLock)
    depth: int = 0


@contextmanager
def writer_lock(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock file at ``path``; the same thread may enter again.

    Raises:
        Busy: somebody else holds it and ``wait`` is False; the message names the process.
        NotWritten: the file cannot be opened (read-only, full, no folder).
    """
    with _registering:
        turn = _registry.setdefault(path.absolute(), _Turn())
    if not turn.thread.acquire(blocking=wait):
        raise Busy(
            f"{path.parent} is being written by another thread of process {os.getpid()}; try again when it is done"
        )
    try:
        with _file_lock(path, wait) if turn.depth == 0 else _held():
            turn.depth += 1
            try:
                yield
            finally:
                turn.depth -= 1
    finally:
        turn.thread.release()


@contextmanager
def _held() -> Iterator[None]:
    yield


@contextmanager
def _file_lock(path: Path, wait: bool) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise NotWritten(f"{path} cannot be opened for writing, nothing was changed: {error}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise Busy(f"{path.parent} is being written by process {holder}; try again when it is done") from error
        _sign(descriptor)
        yield
    finally:
        os.close(descriptor)  # also lets the lock go


def _sign(descriptor: int) -> None:
    """Leave our process id for the message of whoever finds the lock taken; a full disk must not matter here."""
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except OSError:
        return
