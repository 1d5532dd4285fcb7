"""Who fits: what is said between the search and those who do its work, and the simplest of them, this process."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from slatewright.core.interrupts import interrupted
from slatewright.evaluate.tuning.climbing import Job, Task, climb
from slatewright.evaluate.tuning.trials import Step


@dataclass(frozen=True, slots=True)
class Stepped:
    """A worker has made a step and waits to hear whether to go on."""

    number: int
    step: Step


@dataclass(frozen=True, slots=True)
class Ended:
    """A trial went wrong, and why."""

    number: int
    reason: str


Said: TypeAlias = Stepped | Ended


class Crew(Protocol):
    """Those who fit.

    ``hear`` returns the next thing said, or None when ``seconds`` are over; ``answer`` says whether a trial that made a
    step goes on.
    """

    def free(self) -> bool: ...
    def start(self, task: Task) -> None: ...
    def hear(self, seconds: float | None) -> Said | None: ...
    def answer(self, number: int, go_on: bool) -> None: ...


class Alone:
    """This process: no crash of a fit can be survived, but nothing is copied either."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._at_work: tuple[int, Iterator[Step]] | None = None

    def free(self) -> bool:
        return self._at_work is None

    def start(self, task: Task) -> None:
        self._at_work = task.number, climb(self._job, task)

    def hear(self, seconds: float | None) -> Said | None:
        if self._at_work is None:
            return None
        number, steps = self._at_work
        try:
            return Stepped(number, next(steps))
        except Exception as error:  # whatever an estimator raises costs one trial, not the search
            if interrupted(error):
                raise
            self._at_work = None
            return Ended(number, reason_of(error))

    def answer(self, number: int, go_on: bool) -> None:
        if not go_on:
            self._at_work = None


def reason_of(error: Exception) -> str:
    """What a failed trial is recorded with."""
    return f"{type(error).__name__}: {error}".rstrip(": ")
