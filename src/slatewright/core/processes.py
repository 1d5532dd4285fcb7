"""Processes of our own: each with its share of the threads, deaf to Ctrl-C, and gone when their parent is."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from slatewright.core.interrupts import starting_deaf

THREADS_OF = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
FIRST_TO_GO = "1000"  # where memory runs out, Linux shall end the process that works, not the one that keeps the record
KILLED = "its process was ended by {}"
NO_MEMORY = ": most likely the machine had run out of memory"


def started(target: Callable[..., None], args: tuple[Any, ...], *, threads: int) -> BaseProcess:
    """A fresh process that calls ``target`` with ``threads`` threads; its first act must be ``belong_to_parent``."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=args, daemon=True)
    with _environment(dict.fromkeys(THREADS_OF, str(threads))), starting_deaf():
        process.start()
    return process


def belong_to_parent() -> None:
    """Ctrl-C is the parent's to hear; when the parent is gone, so is this process, whatever it is doing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO, encoding="ascii")
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def end_of(process: BaseProcess) -> str:
    """How a process ended, in words."""
    code = process.exitcode or 0
    if code >= 0:
        return f"its process ended with exit code {code}"
    return KILLED.format(signal.Signals(-code).name) + (NO_MEMORY if -code == signal.SIGKILL else "")


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@contextlib.contextmanager
def _environment(names: Mapping[str, str]) -> Iterator[None]:
    """Names that a process started here inherits; ours are as before afterwards."""
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
