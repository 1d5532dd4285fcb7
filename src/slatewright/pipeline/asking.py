"""Every source is asked; those that wait for something all at once, and none longer than until the deadline."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from typing import TypeAlias

from slatewright.pipeline.apart import Call
from slatewright.pipeline.contracts import Proposal, Query, Source

Answer: TypeAlias = Proposal | Exception  # what a source says, or what it raised


class TooLate(Exception):
    """A source was not done by the deadline."""


def answers(sources: Sequence[Source], query: Query) -> list[Answer]:
    """What each source says to a query, in order; without a deadline one after another on this thread."""
    if query.deadline is None:
        return [_asked(source, query) for source in sources]
    calls = {at: _started(begin, query) for at, begin in enumerate(map(_begin, sources)) if begin is not None}
    said = [calls[at] if at in calls else _in_time(source, query, query.deadline) for at, source in enumerate(sources)]
    return [_waited(one, query.deadline) if isinstance(one, Future) else one for one in said]


def _asked(source: Source, query: Query) -> Answer:
    try:
        return source.propose(query)
    except Exception as error:
        return error


def _in_time(source: Source, query: Query, deadline: float) -> Answer:
    """A source that waits for nobody is not interrupted, but not begun after the deadline either."""
    return TooLate("its turn came after the deadline") if time.monotonic() >= deadline else _asked(source, query)


def _begin(source: Source) -> Callable[[Query], Call] | None:
    """How to ask a source without waiting for it; None for one that is asked on this thread."""
    begin: Callable[[Query], Call] | None = getattr(source, "started", None)
    return begin


def _started(begin: Callable[[Query], Call], query: Query) -> Call | Exception:
    try:
        return begin(query)
    except Exception as error:
        return error


def _waited(call: Call, deadline: float) -> Answer:
    try:
        return call.result(max(0.0, deadline - time.monotonic()))
    except NotInTime:
        return TooLate("it was not done by the deadline")
    except Exception as error:
        return error
