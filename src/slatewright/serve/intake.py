"""One thread takes events in: all that wait share one write to the disk, and are told once it is done."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from slatewright.core.errors import BadInput, NotWritten
from slatewright.events.journal import Events, Receipt
from slatewright.serve.guarding.last_resort import without_words
from slatewright.serve.turns import Crowded

log = logging.getLogger("slatewright.serve")

Taken: TypeAlias = tuple[Events, Receipt]
AT_ONCE = 2000  # events of one write: what comes after them waits no longer than it takes
PATIENCE = 10.0  # seconds that the last write may take when the server stops
BYTES = 1024  # of a body that count as an event, so that few long ones fill no memory


@dataclass(slots=True, eq=False)
class _Waiting:
    """What one request brings, until it is durable or refused."""

    read: Callable[[], Events]
    size: int
    future: "asyncio.Future[Taken]"


class Intake:
    """Events of requests, on their way to the disk. Ask from one event loop only.

    ``write`` makes what several requests bring durable together. Nothing is waited for: a lone request is written at
    once, and whoever comes while that is done is written next, with all others who came.
    """

    def __init__(self, write: Callable[[Sequence[Events]], Sequence[Receipt | BadInput]], most_waiting: int) -> None:
        self._write, self._most = write, most_waiting
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self.waiting = 0  # events, or kilobytes where those are more
        self._thread = threading.Thread(target=self._run, name="slatewright-intake", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end; a disk that hangs is not waited for."""
        self._queue.put(None)
        self._thread.join(PATIENCE)

    async def take(self, read: Callable[[], Events], events: int, body_bytes: int = 0) -> Taken:
        """What ``read`` gives, and what became of it. ``read`` is called by the thread that writes.

        Raises:
            Crowded: too many wait already.
            BadInput: these events cannot be written.
            NotWritten: the disk refused; none of them was taken.
        """
        size = max(events, body_bytes // BYTES)
        if self.waiting and self.waiting + size > self._most:
            raise Crowded(f"{self.waiting} events wait for the disk")
        one = _Waiting(read, size, asyncio.get_running_loop().create_future())
        self.waiting += size
        self._queue.put(one)
        try:
            return await one.future
        finally:
            self.waiting -= size

    def _run(self) -> None:
        going = True
        while going:
            group, events = list[_Waiting](), 0
            while going and events < AT_ONCE and not (group and self._queue.empty()):
                one = self._queue.get()
                going = one is not None
                if one is not None:
                    group.append(one)
                    events += one.size
            if group:
                told = [(one.future, outcome) for one, outcome in zip(group, self._outcomes(group), strict=True)]
                with suppress(RuntimeError):  # the loop is closed: the server stops, nobody waits any more
                    group[0].future.get_loop().call_soon_threadsafe(_tell, told)

    def _outcomes(self, group: Sequence[_Waiting]) -> "list[Taken | Exception]":
        read = [_read(one) for one in group]
        outcomes = iter(self._written([events for events in read if isinstance(events, Events)]))
        return [next(outcomes) if isinstance(one, Events) else one for one in read]

    def _written(self, requests: Sequence[Events]) -> "list[Taken | Exception]":
        try:
            receipts = self._write(requests) if requests else ()
        except NotWritten as error:
            return [error] * len(requests)
        except Exception as error:  # a bug: it belongs to one of these requests, and the others are none the worse
            if len(requests) == 1:
                log.error("events could not be written\n%s", "\n".join(without_words(error)))
                return [error]
            return [outcome for request in requests for outcome in self._written([request])]
        return [
            receipt if isinstance(receipt, BadInput) else (events, receipt)
            for events, receipt in zip(requests, receipts, strict=True)
        ]


def _read(one: _Waiting) -> Events | Exception:
    try:
        return one.read()
    except Exception as error:  # whatever it is, it belongs to this request alone
        return error


def _tell(told: "list[tuple[asyncio.Future[Taken], Taken | Exception]]") -> None:
    for future, outcome in told:
        if future.done():  # the client went away
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
