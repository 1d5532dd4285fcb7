"""The crew: what a process knows of the workers that it is one of."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from slatewright.serve.workers.bell import Bell
from slatewright.serve.workers.duty import Duty
from slatewright.serve.workers.shared_buckets import SharedBuckets


@dataclass(frozen=True)
class Crew:
    """One worker among ``workers``; ``metrics`` is the folder where all of them keep their numbers."""

    workers: int
    bell: Bell
    duty: Duty
    buckets: SharedBuckets
    metrics: Path | None = None


def on_duty(crew: Crew | None, work: Callable[[], object]) -> Callable[[], object]:
    """The same work, done by one worker for all of them; a process that is alone does it always."""
    if crew is None:
        return work
    return lambda: work() if crew.duty.mine() else None
