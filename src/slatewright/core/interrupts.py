"""Ctrl-C, wherever it falls: in code of others that cannot let it through, and in processes of our own."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SOON = 0.02  # seconds, when the callback is over


def interrupted(error: BaseException | None) -> bool:
    """Whether an error is Ctrl-C in other words, as where it fell into compiled code that then failed."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__
    return False


@contextmanager
def no_interrupt_lost() -> Iterator[None]:
    """Within, a Ctrl-C that falls where Python can only print it and go on (callbacks of the collector) comes again."""
    before, again = sys.unraisablehook, list[threading.Timer]()
    main = threading.main_thread().ident

    def send_again(lost: Any) -> None:
        if not isinstance(lost.exc_value, KeyboardInterrupt):
            before(lost)
            return
        again.append(threading.Timer(SOON, signal.pthread_kill, (main, signal.SIGINT)))
        again[-1].daemon = True
        again[-1].start()

    sys.unraisablehook = send_again
    try:
        yield
    finally:
        sys.unraisablehook = before
        for timer in again:
            timer.cancel()


@contextmanager
def starting_deaf() -> Iterator[None]:
    """A process that is started within never hears Ctrl-C, from its first instant on: that is its parent's to do."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
