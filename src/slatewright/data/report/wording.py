"""Numbers and days as people read them."""

from datetime import UTC, date, datetime

from slatewright.core.clock import MICROSECONDS_PER_SECOND


def number(value: int) -> str:
    """``1,044,847``."""
    return f"{value:,}"


def percent(share: float) -> str:
    """``12 %``, ``1.8 %`` or ``0.02 %``: two digits that say something; the space does not break."""
    value = 100 * share
    digits = 0 if value >= 9.95 else 1 if value >= 0.95 else 2 if value >= 0.0095 else 4
    text = f"{value:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if digits else text) + "\u00a0%"


def counted(value: int, one: str, many: str | None = None) -> str:
    """``1 user``, ``2 users``."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def day_of(instant: int) -> str:
    """``1 December 2009`` of an instant in µs UTC."""
    return spoken(datetime.fromtimestamp(instant / MICROSECONDS_PER_SECOND, tz=UTC).date())


def spoken(day: date) -> str:
    """``1 December 2009``."""
    return f"{day.day} {day:%B %Y}"


def span(first: date, last: date) -> str:
    """``24 December 2009 to 3 January 2010``, or the one day."""
    return spoken(first) if first == last else f"{spoken(first)} to {spoken(last)}"
