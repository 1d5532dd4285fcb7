"""Processes of their own that fit, share the processors, and may die without harm to the search."""

import contextlib
import multiprocessing
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path

import numba

from slatewright.core.errors import BadInput
from slatewright.core.processes import belong_to_parent, end_of, started
from slatewright.evaluate.tuning.climbing import Job, Task, climb
from slatewright.evaluate.tuning.crew import Alone, Crew, Ended, Said, Stepped, reason_of
from slatewright.evaluate.tuning.handing_over import laid_out, taken_up
from slatewright.evaluate.tuning.trials import Step
from slatewright.pipeline.recipe import run_recipe

UNBORN = (
    "a process that fits could not start: {}. In a script, call tune under `if __name__ == '__main__':`, and define "
    "classes of your own in a module or in the recipe"
)


@dataclass(frozen=True)
class Source:
    """A recipe whose own classes an estimator may be of: its content, and where it lies."""

    content: bytes
    where: str


@dataclass(frozen=True, slots=True)
class _Worker:
    process: multiprocessing.process.BaseProcess
    line: Connection


class Several:
    """Processes of their own, each with its share of the threads; one that dies costs its trial and is replaced."""

    def __init__(self, job: Job, workers: int, source: Source | None) -> None:
        self._job, self._source, self._workers = job, source, workers
        self._threads = max(1, numba.get_num_threads() // workers)
        self._idle: list[_Worker] = []
        self._busy: dict[int, _Worker] = {}

    def free(self) -> bool:
        return len(self._busy) < self._workers

    def start(self, task: Task) -> None:
        worker = self._idle.pop() if self._idle else self._hire()
        self._busy[task.number] = worker
        with contextlib.suppress(OSError):  # one that died while idle: heard of at once
            worker.line.send(task)

    def hear(self, seconds: float | None) -> Said | None:
        lines = {worker.line: number for number, worker in self._busy.items()}
        ready = wait(list(lines), seconds) if lines else []
        if not ready:
            return None
        number = min(lines[line] for line in ready if isinstance(line, Connection))
        worker = self._busy[number]
        try:
            said = worker.line.recv()
        except (EOFError, OSError):
            del self._busy[number]
            worker.process.join()
            return Ended(number, end_of(worker.process))
        if isinstance(said, Step):
            return Stepped(number, said)
        self._idle.append(self._busy.pop(number))
        return Ended(number, str(said))

    def answer(self, number: int, go_on: bool) -> None:
        with contextlib.suppress(OSError):
            self._busy[number].line.send(go_on)
        if not go_on:
            self._idle.append(self._busy.pop(number))

    def dismiss(self) -> None:
        """End every process now, whatever it is doing."""
        for worker in (*self._idle, *self._busy.values()):
            worker.process.kill()
            worker.process.join()
            worker.line.close()

    def _hire(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        process = started(work, (theirs, self._source), threads=self._threads)
        theirs.close()
        worker = _Worker(process, ours)
        try:
            ours.send(self._job)
            ours.recv()  # it has the data
        except (EOFError, OSError):
            process.join()
            raise BadInput(UNBORN.format(end_of(process))) from None
        return worker


@contextlib.contextmanager
def crew_of(job: Job, workers: int, source: Source | None) -> Iterator[Crew]:
    """Those who fit, gone at the end."""
    if not workers:
        yield Alone(job)
        return
    with tempfile.TemporaryDirectory(prefix="slatewright-tune-") as folder:
        crew = Several(replace(job, fold=laid_out(job.fold, Path(folder)), sharers=workers), workers, source)
        try:
            yield crew
        finally:
            crew.dismiss()


def work(line: Connection, source: Source | None) -> None:
    """The life of a worker: take a trial, climb, ask after each step whether to go on."""
    belong_to_parent()
    if source is not None:  # its classes must be there before the job can be understood
        run_recipe(source.content, source.where)
    with contextlib.suppress(EOFError, ConnectionError):  # the search is over
        job: Job = line.recv()
        job = replace(job, fold=taken_up(job.fold))
        line.send(None)
        while True:
            _do(job, line.recv(), line)


def _do(job: Job, task: Task, line: Connection) -> None:
    try:
        for step in climb(job, task):
            line.send(step)
            if not line.recv():
                return
    except (EOFError, ConnectionError):
        raise
    except Exception as error:  # whatever an estimator raises costs one trial, not the search
        line.send(reason_of(error))
