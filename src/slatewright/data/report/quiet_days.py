"""Days without events: the weekdays a shop is closed, and the gaps that need an explanation."""

from datetime import date, timedelta
from itertools import pairwise

from slatewright.core.arrays import Frame
from slatewright.data.report.contents import Gap

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HARDLY_EVER = 0.1  # a weekday with events in fewer of its weeks is a day on which the shop is closed
_WEEKS = 4  # how long the events must go on before a weekday can be judged


def quiet_days(days: Frame) -> tuple[tuple[Gap, ...], tuple[str, ...]]:
    """The gaps, longest first, and the names of the closed weekdays, of a frame with a column ``day``.

    A gap is a run of days without events; one that is made of closed weekdays only is none.
    """
    seen = days["day"].unique().sort().to_list()
    closed = _closed(seen)
    runs = [Gap(before + timedelta(days=1), after - timedelta(days=1)) for before, after in pairwise(seen)]
    gaps = [gap for gap in runs if not _all_closed(gap, closed)]
    gaps.sort(key=lambda gap: (-gap.days, gap.first))
    return tuple(gaps), tuple(WEEKDAYS[at] for at in closed)


def _closed(seen: list[date]) -> list[int]:
    """Weekdays, from 0 for Monday."""
    weeks = ((seen[-1] - seen[0]).days + 1) // 7
    if weeks < _WEEKS:
        return []
    counts = [0] * 7
    for day in seen:
        counts[day.weekday()] += 1
    return [at for at, count in enumerate(counts) if count < _HARDLY_EVER * weeks]


def _all_closed(gap: Gap, closed: list[int]) -> bool:
    return all((gap.first + timedelta(days=at)).weekday() in closed for at in range(gap.days))
