"""Where slates go: whole, or not at all; what was written of them survives a kill."""

from typing import Protocol

from slatewright.core.arrays import Frame
from slatewright.core.errors import BadInput
from slatewright.serve.batching.job import Job


class Sink(Protocol):
    """A place for the slates of one job. Several processes put different parts at the same time.

    Until ``finish``, whoever reads the place sees what was there before; afterwards all of the job and nothing else.
    """

    @property
    def place(self) -> str:
        """The name of the place, the same however it was written."""

    def begin(self, job: Job) -> set[int] | None:
        """Get ready; the parts that are there already, or None when the job was finished before."""

    def put(self, job: Job, part: int, slates: Frame) -> None:
        """Keep a part for good, in one step."""

    def finish(self, job: Job) -> None:
        """Show all parts."""


def not_ours(place: str) -> BadInput:
    """The error for a place that holds what no batch has written."""
    return BadInput(f"{place} is there and was not written by slatewright batch; name another place or remove it")
