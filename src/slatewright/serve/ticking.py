"""Background work that runs every so often and survives its own failures."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("slatewright.serve")


class Ticker:
    """A thread that calls ``work`` every ``seconds`` until stopped; a failure is logged, reported and tried again."""

    def __init__(self, name: str, seconds: float, work: Callable[[], object], failed: Callable[[str], None]) -> None:
        self._name, self._seconds, self._work, self._failed = name, seconds, work, failed
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"slatewright-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let the work in hand finish and wait for it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._seconds):
            try:
                self._work()
            except Exception as error:  # the next tick tries again; an error here must not end the thread
                log.warning("%s failed and is tried again in %g s: %s", self._name, self._seconds, error)
                self._failed(self._name)
