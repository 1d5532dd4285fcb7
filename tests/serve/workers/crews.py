"""Workers of one server, in one process."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from slatewright.serve.workers import Bell, Crew, Duty, SharedBuckets
from slatewright.serve.workers.bell import size_for
from slatewright.serve.workers.shared_buckets import SIZE


@contextmanager
def crews(folder: Path, workers: int = 2) -> Iterator[list[Crew]]:
    """What each of the workers knows of the others; their files lie in a folder."""
    with ExitStack() as stack:
        rung = stack.enter_context((folder / "bell").open("w+b"))
        drawn = stack.enter_context((folder / "buckets").open("w+b"))
        rung.truncate(size_for(workers))
        drawn.truncate(SIZE)
        made = []
        for worker in range(workers):
            bell, buckets = Bell(rung.fileno(), worker, workers), SharedBuckets(drawn.fileno())
            duty = Duty(folder / "duty.lock")
            for close in (bell.close, buckets.close, duty.leave):
                stack.callback(close)
            made.append(Crew(workers, bell, duty, buckets))
        yield made
