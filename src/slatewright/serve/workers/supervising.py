"""The supervisor: starts the workers of a server, starts those again that die, and stops them all together.

uvicorn has a supervisor too, for workers that share one socket. Of those, the one that happens to be awake takes nearly
all connections that stay open; here each worker listens at the port for itself, and the system deals them out evenly.
"""

import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace

from prometheus_client.multiprocess import mark_process_dead

from slatewright.core.errors import Busy, NotWritten, SlatewrightError
from slatewright.events.journal import Journal
from slatewright.serve.running import PATIENCE, Bound, address, unheard
from slatewright.serve.settings import Serving
from slatewright.serve.workers import bell, shared_buckets
from slatewright.serve.workers.port import held
from slatewright.serve.workers.post import Post
from slatewright.store.shop import Shop

log = logging.getLogger("slatewright.serve")

AGAIN = 1.0  # seconds before a worker is started again; twice as many each time that it dies before it answers
LONGEST = 30.0
WORKER = (sys.executable, "-m", "slatewright.serve.workers.worker")
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def supervise(shop: Shop, serving: Serving, workers: int, bound: Bound = unheard) -> None:
    """Serve with several processes until SIGINT or SIGTERM, then stop them and move pending events to the log.

    ``bound`` is told the address once the port is taken.

    Raises:
        Busy: the address is taken.
        SlatewrightError: no worker could be started.
        KeyboardInterrupt: it was SIGINT, and everything is put away.
    """
    with held(serving) as port, ExitStack() as stack:
        bound(address(serving.host, port))
        Journal(shop.journal).close()  # made once, before the workers come
        post = _post(stack, shop, replace(serving, port=port), workers)
        with _listened_for() as heard:
            try:
                sign = _Crew(post, heard).run()
            finally:
                _sweep(shop)
    signal.raise_signal(sign)


def _post(stack: ExitStack, shop: Shop, serving: Serving, workers: int) -> Post:
    """What the workers have in common."""
    rung = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    drawn = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    rung.truncate(bell.size_for(workers))
    drawn.truncate(shared_buckets.SIZE)
    numbers = stack.enter_context(tempfile.TemporaryDirectory(prefix="slatewright-metrics-"))
    level = logging.getLogger().getEffectiveLevel()
    return Post(str(shop.root), serving, 0, workers, 0, rung.fileno(), drawn.fileno(), numbers, level)


@contextmanager
def _listened_for() -> Iterator[socket.socket]:
    """A socket that gives a byte for each signal to stop."""
    heard, tell = socket.socketpair()
    tell.setblocking(False)
    with heard, tell:
        before = {sign: signal.signal(sign, lambda *_: None) for sign in SIGNALS}
        woken = signal.set_wakeup_fd(tell.fileno())
        try:
            yield heard
        finally:
            signal.set_wakeup_fd(woken)
            for sign, handler in before.items():
                signal.signal(sign, handler)


def _sweep(shop: Shop) -> None:
    """What came in while the workers stopped moves into the log."""
    with Journal(shop.journal) as journal:
        try:
            journal.flush(shop.log, wait=False)
        except (Busy, NotWritten) as error:
            log.warning("events stay in the journal until the next start: %s", error)


def _hand(process: subprocess.Popen[bytes], post: Post) -> None:
    """Tell a worker its post by its input, which is for no list of processes to show."""
    if process.stdin is None:
        raise ValueError("a worker was started without an input")
    with suppress(BrokenPipeError), process.stdin as told:  # one that is dead already is heard of by its lifeline
        told.write(post.text().encode())


@dataclass(eq=False)
class _Worker:
    """A worker's process and the lifeline to it; ``ready`` once it answers."""

    number: int
    process: subprocess.Popen[bytes]
    lifeline: socket.socket
    ready: bool = False


class _Crew:
    """The workers, from the first start to the last stop."""

    def __init__(self, post: Post, heard: socket.socket) -> None:
        self._post, self._heard = post, heard
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []
        self._due: dict[int, float] = {}  # when a worker that died is started again
        self._pause = dict.fromkeys(range(post.workers), AGAIN)
        self._answered = False

    def run(self) -> int:
        """Keep the workers running until a signal; which one.

        Raises:
            SlatewrightError: a worker died before any of them answered.
        """
        self._selector.register(self._heard, selectors.EVENT_READ)
        try:
            for number in range(self._post.workers):
                self._start(number)
            while True:
                wait = max(min(self._due.values()) - time.monotonic(), 0.0) if self._due else None
                for key, _ in self._selector.select(wait):
                    if key.data is None:
                        return self._heard.recv(1)[0]
                    self._hear(key.data)
                for number in [one for one, at in self._due.items() if at <= time.monotonic()]:
                    del self._due[number]
                    self._start_again(number)
        finally:
            self._stop()
            self._selector.close()

    def _start(self, number: int) -> None:
        ours, theirs = socket.socketpair()
        post = replace(self._post, worker=number, lifeline=theirs.fileno())
        with theirs, ExitStack() as undone:
            undone.callback(ours.close)
            process = subprocess.Popen(  # noqa: S603
                [*WORKER, f"{number + 1}", "of", f"{post.workers}", "shop", post.shop],  # what ps shows
                stdin=subprocess.PIPE,
                env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": post.metrics},
                pass_fds=(post.lifeline, post.bell, post.buckets),
                process_group=0,  # Ctrl-C reaches the supervisor alone, which stops them in order
            )
            undone.pop_all()
        _hand(process, post)
        worker = _Worker(number, process, ours)
        self._workers.append(worker)
        self._selector.register(ours, selectors.EVENT_READ, worker)

    def _start_again(self, number: int) -> None:
        """Start a worker, or try later: the machine may have no memory for a process just now."""
        try:
            self._start(number)
        except OSError as error:
            log.error(
                "worker %d cannot be started, and is tried again in %g s: %s", number + 1, self._later(number), error
            )

    def _later(self, number: int) -> float:
        """Start a worker after a pause, which it gives; the next one is longer."""
        pause = self._pause[number]
        self._pause[number] = min(2 * pause, LONGEST)
        self._due[number] = time.monotonic() + pause
        return pause

    def _hear(self, worker: _Worker) -> None:
        """A worker answers from now on, or is gone."""
        with suppress(ConnectionError):
            if worker.lifeline.recv(1):
                worker.ready = self._answered = True
                self._pause[worker.number] = AGAIN
                log.info("worker %d answers", worker.number + 1)
                return
        status = self._end(worker)
        if not self._answered:
            raise SlatewrightError(f"a worker ended with status {status} before it answered; its log says why")
        pause = self._later(worker.number)
        log.error("worker %d ended with status %d and is started again in %g s", worker.number + 1, status, pause)

    def _end(self, worker: _Worker, seconds: float = PATIENCE) -> int:
        """Wait for the end of a worker, end it where it does not come, and put away what it leaves."""
        try:
            status = worker.process.wait(seconds)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            status = worker.process.wait()
        self._selector.unregister(worker.lifeline)
        worker.lifeline.close()
        self._workers.remove(worker)
        mark_process_dead(worker.process.pid, self._post.metrics)  # type: ignore[no-untyped-call]
        return status

    def _stop(self) -> None:
        for worker in self._workers:
            worker.process.terminate()
        until = time.monotonic() + 2 * PATIENCE  # requests in hand have a patience of their own
        for worker in list(self._workers):
            self._end(worker, max(until - time.monotonic(), 0.0))
