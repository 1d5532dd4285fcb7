"""The plots over time: events per kind, and a calendar in which missing days show."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.ticker import FuncFormatter, MaxNLocator

from slatewright.core.arrays import Frame
from slatewright.data.report.contents import DataReport
from slatewright.data.report.drawing import EMPTY, HEAT, INK, KINDS, chart
from slatewright.data.report.quiet_days import WEEKDAYS
from slatewright.data.report.wording import number

Levels = npt.NDArray[np.int64]
_LONGEST_BY_DAY, _LONGEST_BY_WEEK = 100, 1_200  # days
_YEARS = 4  # in the calendar, the latest ones


def timeline(report: DataReport) -> str:
    """Events per day of each kind, one panel a kind; means of weeks or months where the time is long."""
    kinds = report.kinds["kind"].to_list()[: len(KINDS)]
    edges = edges_of(*_span(report.days))

    def draw(axes: list[Axes]) -> None:
        for at, (axis, kind) in enumerate(zip(axes, kinds, strict=True)):
            means = daily_means(report.days.filter(pl.col("kind") == kind), edges)
            axis.stairs(means, date2num(edges), fill=True, color=KINDS[at], alpha=0.3, linewidth=0)
            axis.stairs(means, date2num(edges), color=KINDS[at], linewidth=1.5, baseline=None)
            axis.set_title(f"{kind}, events a day", color=INK)
            axis.set_xlim(*date2num((edges[0], edges[-1])))
            axis.set_ylim(0, None)
            _whole_numbers(axis)
        locator = AutoDateLocator(minticks=4, maxticks=10)
        axes[-1].xaxis.set_major_locator(locator)
        axes[-1].xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))

    return chart(draw, "Events a day of each kind over time", height=0.4 + 1.5 * len(kinds), rows=len(kinds))


def calendar(report: DataReport) -> str:
    """Every day as a square, one row of weeks a year; the stronger the busier, days without events in grey."""
    daily = report.days.group_by("day").agg(pl.col("events").sum()).sort("day")
    counts = dict(daily.rows())
    first, last = _span(daily)
    years = list(range(first.year, last.year + 1))[-_YEARS:]

    def draw(axes: list[Axes]) -> None:
        for axis, year in zip(axes, years, strict=True):
            days = [day for day in _days_of(year) if first <= day <= last]
            squares(
                axis, [_square(day) for day in days], np.array([counts.get(day, 0) for day in days]), daily["events"]
            )
            axis.set_title(str(year), color=INK)
            axis.set_yticks([0, 2, 4, 6], [WEEKDAYS[at][:3] for at in (0, 2, 4, 6)])
        months = [date(years[-1], month, 15) for month in range(1, 13)]
        axes[-1].set_xticks([_square(day)[0] for day in months], [f"{day:%b}" for day in months])
        axes[-1].set_xlim(-0.6, 53.6)

    return chart(draw, "Events of every day, as a calendar", height=0.3 + 1.35 * len(years), rows=len(years))


def hours(report: DataReport) -> str:
    """Events by weekday and hour of the day, as squares."""
    counts = np.zeros((7, 24), dtype=np.int64)
    counts[report.hours["weekday"].to_numpy() - 1, report.hours["hour"].to_numpy()] = report.hours["events"].to_numpy()

    def draw(axes: list[Axes]) -> None:
        places = [(hour, weekday) for weekday in range(7) for hour in range(24)]
        squares(axes[0], places, counts.ravel(), pl.Series(counts.ravel()))
        axes[0].set_yticks(range(7), [day[:3] for day in WEEKDAYS])
        axes[0].set_xticks(range(0, 24, 3), [f"{hour:02d}:00" for hour in range(0, 24, 3)])
        axes[0].set_xlim(-0.6, 23.6)

    return chart(draw, "Events by weekday and hour", height=2.5)


def squares(axis: Axes, places: list[tuple[int, int]], counts: Levels, all_counts: pl.Series) -> None:
    """Squares at (x, y), y downwards, coloured by fifths of the different counts; zero has its own colour."""
    above = all_counts.filter(all_counts > 0).unique().to_numpy()
    bounds = np.quantile(above, [0.2, 0.4, 0.6, 0.8]) if len(above) else np.zeros(4)
    levels = np.searchsorted(bounds, counts, side="left") + 1
    levels[counts == 0] = 0
    for level, color in enumerate((EMPTY, *HEAT)):
        corners = [_corners(x, y) for (x, y), mine in zip(places, levels, strict=True) if mine == level]
        axis.add_collection(PolyCollection(corners, facecolors=color, edgecolors="none"))
    axis.set_ylim(6.6, -0.6)
    axis.grid(False)
    axis.spines[:].set_visible(False)


def _whole_numbers(axis: Axes) -> None:
    """A few ticks on y, written 1,000."""
    axis.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(round(value))))


def _corners(x: int, y: int) -> list[tuple[float, float]]:
    half = 0.44
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def _square(day: date) -> tuple[int, int]:
    """The column (week of the year, the first may be short) and the row (weekday) of a day."""
    offset = date(day.year, 1, 1).weekday()
    return (day.timetuple().tm_yday - 1 + offset) // 7, day.weekday()


def _days_of(year: int) -> list[date]:
    start = date(year, 1, 1)
    return [start + timedelta(days=at) for at in range((date(year + 1, 1, 1) - start).days)]


def _span(days: Frame) -> tuple[date, date]:
    seen = days["day"].sort()
    return seen[0], seen[-1]


def edges_of(first: date, last: date) -> list[date]:
    """Where days, weeks or months begin from the first day on, and the day after the last."""
    end = last + timedelta(days=1)
    length = (end - first).days
    step = "1d" if length <= _LONGEST_BY_DAY else "1w" if length <= _LONGEST_BY_WEEK else "1mo"
    days = pl.date_range(first, last, eager=True)
    starts = days.filter(days.dt.truncate(step) == days).to_list()
    return sorted({first, *starts, end})


def daily_means(days: Frame, edges: list[date]) -> npt.NDArray[np.float64]:
    """Mean events a day between each two edges, (edges - 1,)."""
    marks = date2num(edges)
    sums, _ = np.histogram(date2num(days["day"].to_list()), bins=marks, weights=days["events"].to_numpy())
    return np.asarray(sums / np.diff(marks), dtype=np.float64)
