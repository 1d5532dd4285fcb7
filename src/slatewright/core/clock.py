"""Instants: int64 microseconds UTC inside, ISO-8601 at the border."""

import time
from datetime import UTC, datetime, timedelta

from slatewright.core.errors import BadInput

MICROSECONDS_PER_SECOND = 1_000_000
MICROSECONDS_PER_DAY = 86_400 * MICROSECONDS_PER_SECOND

_START = datetime(1970, 1, 1, tzinfo=UTC)  # whole microseconds from here: a float of seconds would round them


def wall_clock() -> int:
    """This instant, in microseconds UTC. Only the edges (a request, a command) may call it."""
    return time.time_ns() // 1000


def iso(instant: int) -> str:
    """``2011-10-01T00:00:00+00:00`` for an instant in microseconds."""
    return (_START + timedelta(microseconds=instant)).isoformat()


def instant(text: str) -> int:
    """Microseconds UTC of an ISO-8601 date or time; without a zone it is read as UTC.

    Raises:
        BadInput: the text is no ISO-8601 time.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"a time must be ISO-8601, like 2011-10-01 or 2011-10-01T12:00:00Z, got {text!r}") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - _START) // timedelta(microseconds=1)
