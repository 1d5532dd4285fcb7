"""Parts are made one after another here, or in several processes that map the same bundle into memory."""

import contextlib
import gc
import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

import numba
import polars as pl

from slatewright.core.errors import NotWritten, SlatewrightError
from slatewright.core.processes import belong_to_parent, end_of, started
from slatewright.serve.batching.job import Job
from slatewright.serve.batching.making import Kitchen
from slatewright.serve.batching.sinks import Sink
from slatewright.store.shop import Shop

GO_ON = "run the same command again to go on where it stopped"


@dataclass(frozen=True, slots=True)
class Work:
    """What every process knows: the shop's folder, the job, for whom, and where the slates go."""

    shop: Path
    job: Job
    users: pl.Series
    sink: Sink


def worked(work: Work, parts: Sequence[int], processes: int) -> Iterator[int]:
    """Make parts and put them; yields the users of each part that is there for good.

    Raises:
        NotWritten: a process died, or the sink refused. What was put stays.
    """
    if processes == 1 or len(parts) < 2:
        kitchen = Kitchen.of(Shop.open(work.shop), work.job)
        for part in parts:
            yield _made(work, kitchen, part)
    else:
        yield from _by_several(work, parts, min(processes, len(parts)))


def _made(work: Work, kitchen: Kitchen, part: int) -> int:
    users = work.job.users_of(part, work.users)
    work.sink.put(work.job, part, kitchen.slates(work.job, users))
    return len(users)


def _by_several(work: Work, parts: Sequence[int], processes: int) -> Iterator[int]:
    waiting = list(parts[::-1])
    crew: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(processes):
            line, process = _hired(work, max(1, numba.get_num_threads() // processes))
            crew[line] = process
        while crew:
            ready = wait(list(crew))
            for line in [line for line in crew if line in ready]:
                said = _heard(line, crew[line])
                if isinstance(said, int):
                    yield said
                if waiting:
                    line.send(waiting.pop())
                else:
                    crew.pop(line).kill()
                    line.close()
    finally:
        for line, process in crew.items():
            process.kill()
            process.join()
            line.close()


def _hired(work: Work, threads: int) -> tuple[Connection, BaseProcess]:
    ours, theirs = multiprocessing.Pipe()
    process = started(_life, (theirs, work), threads=threads)
    theirs.close()
    return ours, process


def _heard(line: Connection, process: BaseProcess) -> object:
    """The users of a part that is there, or None from one that is ready for the first."""
    try:
        said: object = line.recv()
    except (EOFError, OSError):
        process.join()
        raise NotWritten(f"a process that makes slates is gone: {end_of(process)}; {GO_ON}") from None
    if isinstance(said, SlatewrightError):
        raise said
    if isinstance(said, str):
        raise NotWritten(f"a process that makes slates failed: {said}; {GO_ON}")
    return said


def _life(line: Connection, work: Work) -> None:
    """The life of a process: open the bundle, then make part after part."""
    belong_to_parent()
    with contextlib.suppress(EOFError, ConnectionError):  # the parent has enough
        try:
            kitchen = Kitchen.of(Shop.open(work.shop), work.job)
            gc.freeze()  # the bundle stays: the collector need not look at it again and again
            line.send(None)
            while True:
                part: int = line.recv()
                line.send(_made(work, kitchen, part))
        except (EOFError, ConnectionError):
            raise
        except SlatewrightError as error:
            line.send(error)
        except Exception as error:  # told to the parent, whose log it belongs to
            line.send(f"{type(error).__name__}: {error}")
