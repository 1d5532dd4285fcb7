"""Requests take turns on a few threads; a bounded number waits, and nobody waits longer than its deadline."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from slatewright.core.errors import SlatewrightError

T = TypeVar("T")

MOST_STUCK = 32  # threads that hang in somebody's code and are replaced; with more, no thread is added


class Crowded(SlatewrightError, RuntimeError):
    """As many requests wait as may."""


class TooLate(SlatewrightError, TimeoutError):
    """The deadline came before the answer."""


class _Turn(Generic[T]):
    """One piece of work on its way: waiting, running or given up."""

    __slots__ = ("future", "given_up", "loop", "replaced", "running", "work")

    def __init__(self, work: Callable[[], T], loop: asyncio.AbstractEventLoop) -> None:
        self.work, self.loop = work, loop
        self.future: asyncio.Future[T] = loop.create_future()
        self.running = self.given_up = self.replaced = False


class Turns:
    """A few threads for work that keeps a processor busy. Ask from one event loop only.

    A thread whose work outlives its deadline is replaced, so work that hangs does not stop what comes after it; it
    ends when that work comes back.
    """

    def __init__(self, threads: int, most_waiting: int) -> None:
        self._most = threads + most_waiting
        self._queue: queue.SimpleQueue[_Turn[object] | None] = queue.SimpleQueue()
        self._threads = threads
        self.stuck = 0  # threads that were replaced and have not come back
        self.open = 0  # turns that wait or run
        self._counting = threading.Lock()
        for _ in range(threads):
            self._add_thread()

    def stop(self) -> None:
        """Let the threads end after the work in hand; nobody waits for those that are stuck."""
        for _ in range(self._threads):
            self._queue.put(None)

    async def take(self, work: Callable[[], T], until: float | None = None) -> T:
        """What ``work`` returns, from a thread; ``until`` is an instant of ``time.monotonic()``.

        Raises:
            Crowded: too many wait already.
            TooLate: it was not done in time.
        """
        if self.open >= self._most:
            raise Crowded(f"{self.open} requests wait or are worked on")
        turn = _Turn(work, asyncio.get_running_loop())
        self.open += 1
        timer = None if until is None else turn.loop.call_later(until - time.monotonic(), self._give_up, turn)
        self._queue.put(turn)  # type: ignore[arg-type]
        try:
            return await turn.future
        finally:
            turn.given_up = True
            self.open -= 1
            if timer is not None:
                timer.cancel()

    def _give_up(self, turn: _Turn[T]) -> None:
        if turn.future.done():
            return
        with self._counting:
            turn.given_up = True
            turn.replaced = turn.running and self.stuck < MOST_STUCK
            self.stuck += turn.replaced
        if turn.replaced:
            self._add_thread()
        turn.future.set_exception(TooLate("the deadline came before the answer"))

    def _add_thread(self) -> None:
        threading.Thread(target=self._run, name="slatewright-turn", daemon=True).start()

    def _run(self) -> None:
        while (turn := self._queue.get()) is not None:
            if turn.given_up:
                continue
            turn.running = True
            result, error = None, None
            try:
                result = turn.work()
            except Exception as broken:  # whatever it is, it belongs to the request, not to this thread
                error = broken
            with self._counting:
                turn.running = False
                self.stuck -= turn.replaced
            if turn.replaced:
                return
            with suppress(RuntimeError):  # the loop is closed: the server stops, nobody waits any more
                turn.loop.call_soon_threadsafe(_tell, turn.future, result, error)


def _tell(future: "asyncio.Future[object]", result: object, error: Exception | None) -> None:
    if future.done():  # the deadline came first, or the client went away
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
