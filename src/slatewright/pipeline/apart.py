"""A source that waits for something (a network, a disk, another process) is asked on a thread of its own."""

import threading
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeAlias

from slatewright.pipeline.contracts import Proposal, Query, Source

MOST = 8  # calls of one source at once; as many that never come back, and it is asked no more
IDLE_SECONDS = 30.0  # after which a thread that has nothing to do ends
Call: TypeAlias = Future[Proposal]


class Busy(Exception):
    """So many calls of a source have not come back that it is not asked again."""


class Apart:
    """A source of which the answer can be waited for, or not.

    Its threads are started as calls come and never hold the process back when it ends.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._calls: SimpleQueue[tuple[Query, Call]] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._unfinished = 0

    @property
    def name(self) -> str:
        """The name of the source."""
        return self.source.name

    @property
    def least(self) -> int:
        """The places of the pool that are its own."""
        return int(getattr(self.source, "least", 0))

    def propose(self, query: Query) -> Proposal:
        """Ask it on this thread and wait."""
        return self.source.propose(query)

    def started(self, query: Query) -> Call:
        """Ask it on another thread.

        Raises:
            Busy: too many earlier calls have not come back.
        """
        call: Call = Future()
        with self._lock:
            if self._unfinished >= MOST:
                raise Busy(f"{MOST} earlier calls have not come back")
            self._unfinished += 1
            self._calls.put((query, call))
            if self._unfinished > self._threads:
                self._threads += 1
                threading.Thread(target=self._work, name=f"source {self.name}", daemon=True).start()
        return call

    def _work(self) -> None:
        while True:
            try:
                query, call = self._calls.get(timeout=IDLE_SECONDS)
            except Empty:
                with self._lock:
                    if self._calls.empty():
                        self._threads -= 1
                        return
                continue
            try:
                call.set_result(self.source.propose(query))
            except BaseException as error:  # whatever it is belongs to who waits
                call.set_exception(error)
            with self._lock:
                self._unfinished -= 1
