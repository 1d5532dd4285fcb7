"""One writer at a time, over threads and processes; a lock dies with the process that held it."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
def writer_lock(path: Path, *, wait: bool = True, tidy: bool = False) -> Iterator[None]:
    """Hold the lock file at ``path``; the same thread may enter again. With ``tidy`` no file is left behind.

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
        with _file_lock(path, wait, tidy) if turn.depth == 0 else _held():
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
def _file_lock(path: Path, wait: bool, tidy: bool) -> Iterator[None]:
    descriptor = _locked(path, wait)
    try:
        _sign(descriptor)
        yield
    finally:
        if tidy:
            with suppress(OSError):
                path.unlink()  # while it is held: who has opened it finds another one, or none, in its place
        os.close(descriptor)  # also lets the lock go


def _locked(path: Path, wait: bool) -> int:
    """The file at ``path``, opened and locked."""
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise NotWritten(f"{path} cannot be opened for writing, nothing was changed: {error}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            if _is_at(descriptor, path):
                return descriptor
        except BlockingIOError as error:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise Busy(f"{path.parent} is being written by process {holder}; try again when it is done") from error
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # it was tidied away between the two


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _sign(descriptor: int) -> None:
    """Leave our process id for the message of whoever finds the lock taken; a full disk must not matter here."""
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except OSError:
        return
