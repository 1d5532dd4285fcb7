"""The pictures of a diagnosis, each an inline SVG of the page."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import MaxNLocator, PercentFormatter

from slatewright.data.report.drawing import FAINT, INK, KINDS, LINE, chart
from slatewright.evaluate.diagnosis.curves import DATA, Curve, Point
from slatewright.evaluate.diagnosis.imbalance import TOP, Imbalance
from slatewright.evaluate.diagnosis.residuals import Bias, furthest_off
from slatewright.evaluate.diagnosis.slicing import Slice, worst
from slatewright.evaluate.diagnosis.trends import COUNTS, TIME, Trend
from slatewright.evaluate.diagnosis.verdict import verdict_of
from slatewright.metrics.bootstrap import Interval

MOST_BARS = 10
LONGEST_NAME = 48
LEARNED, UNSEEN = KINDS[1], KINDS[0]
DASHED = (0, (4, 3))
APART = 10.0  # a range of which the ends are that many times apart is drawn by magnitude
_SECOND = 1e6  # µs


def curve_picture(curve: Curve) -> str:
    """What was learned above what was not, as the knob turns; the verdict, where the model stands, and the best."""
    verdict = verdict_of(curve)
    values = [point.value for point in curve.points]

    def draw(axes: list[Axes]) -> None:
        for axis, name, color, of in zip(
            axes, ("training", "validation"), (LEARNED, UNSEEN), (_learned, _unseen), strict=True
        ):
            found = [of(point) for point in curve.points]
            axis.fill_between(values, [one.low for one in found], [one.high for one in found], color=color, alpha=0.18)
            axis.plot(values, [one.value for one in found], "-o", color=color, markersize=4.5)
            axis.axvline(curve.at, color=INK, linewidth=0.9, linestyle=DASHED)
            axis.set_title(f"{name}, {curve.metric.upper()}", color=INK)
            axis.yaxis.set_major_locator(MaxNLocator(nbins=4))
        best = curve.points[curve.best]
        axes[1].plot([best.value], [best.unseen.value], "o", color=UNSEEN, markersize=10, fillstyle="none")
        _magnitudes(axes[1], values, first=curve.at, gap=0.05)
        axes[1].set_xlabel(f"{_named(curve)}; dashed: now, ring: best. {verdict.short}")

    return chart(draw, f"Learning curve by {curve.over}: {verdict.short}", height=3.6, rows=2)


def slices_picture(groups: Sequence[Slice], unit: str) -> str:
    """The groups where most is lost, as bars with intervals; grey may be chance. ``unit``: what is lost, in words."""
    shown = worst(groups)[:MOST_BARS]

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        for at, one in enumerate(shown):
            color = KINDS[0] if one.real else FAINT
            low, high = (max(0.0, -end) * one.rows for end in (one.apart.high, one.apart.low))
            axis.barh(at, one.lost, color=color, alpha=0.75, height=0.55)
            axis.plot([low, high], [at, at], color=INK, linewidth=1.2)
            axis.annotate(f"{one.lost:,.1f}", (high, at), (6, 0), textcoords="offset points", va="center")
        _named_rows(axis, [one.name for one in shown])
        axis.set_xlim(left=0)
        axis.set_xlabel(f"{unit} lost, in sum; grey: may be chance")

    return chart(draw, f"Groups that lose most {unit}", height=_height(len(shown)))


def biases_picture(found: Sequence[Bias]) -> str:
    """The groups that are furthest off in sum: their mean residuals with intervals; grey may be chance."""
    shown = furthest_off(found)[:MOST_BARS]

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        for at, one in enumerate(shown):
            color = (KINDS[3] if one.under_served else KINDS[0]) if one.real else FAINT
            reach = [one.residual.low, one.residual.high]
            axis.plot(reach, [at, at], color=color, linewidth=3, alpha=0.5, solid_capstyle="round")
            axis.plot([one.residual.value], [at], "o", color=color, markersize=7)
        axis.axvline(0, color=INK, linewidth=0.9, linestyle=DASHED)
        _named_rows(axis, [one.group.name for one in shown])
        axis.set_xlabel("said minus predicted, below 0: promised too much; grey: may be chance")

    return chart(draw, "Groups whose ratings are foretold too high or too low", height=_height(len(shown)))


def trend_picture(trend: Trend) -> str:
    """Mean residuals along one thing, with intervals; zero is where they ought to be."""
    places = [
        datetime.fromtimestamp(band.at / _SECOND, UTC) if trend.along == TIME else band.at for band in trend.bands
    ]

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        low, high = ([getattr(band.residual, end) for band in trend.bands] for end in ("low", "high"))
        axis.fill_between(places, low, high, color=KINDS[0], alpha=0.18)  # type: ignore[arg-type]
        axis.plot(places, [band.residual.value for band in trend.bands], "-o", color=KINDS[0], markersize=4)  # type: ignore[arg-type]
        axis.axhline(0, color=INK, linewidth=0.9, linestyle=DASHED)
        if trend.along == TIME:
            locator = AutoDateLocator(minticks=3, maxticks=6)
            axis.xaxis.set_major_locator(locator)
            axis.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
        elif trend.along in COUNTS:
            whole = [float(round(band.at)) for band in trend.bands]
            _magnitudes(axis, whole, first=whole[0], gap=0.13)
        axis.set_xlabel(trend.along)
        axis.yaxis.set_major_locator(MaxNLocator(nbins=4))

    return chart(draw, f"Residuals by {trend.along}", height=2.3, width=4.2)


def imbalance_picture(found: Imbalance) -> str:
    """Which share of the events each class has, and which of the weight that training gives them."""
    in_order = sorted(found.ratings, key=lambda one: float(one.name))
    rows: list[tuple[str, float, float | None]]
    rows = [(f"kind: {one.name}", one.share, one.weight_share) for one in found.kinds]
    rows += [(f"rating: {one.name}", one.share, one.weight_share) for one in in_order]
    rows += [
        (f"top {TOP:.0%} of the items", found.top_items, None),
        (f"top {TOP:.0%} of the users", found.top_users, None),
    ]

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        places = np.arange(len(rows))
        axis.barh(places - 0.17, [share for _, share, _ in rows], height=0.32, color=KINDS[0], alpha=0.8)
        weighed = [(at, weight) for at, (_, _, weight) in enumerate(rows) if weight is not None]
        axis.barh([at + 0.17 for at, _ in weighed], [one for _, one in weighed], height=0.32, color=KINDS[1], alpha=0.8)
        _named_rows(axis, [name for name, _, _ in rows])
        axis.set_xlim(0, 1)
        axis.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axis.set_xlabel("upper bar: share of the events; lower bar: share of the weight")

    return chart(draw, "Shares of classes", height=_height(len(rows)))


def _learned(point: Point) -> Interval:
    return point.learned


def _unseen(point: Point) -> Interval:
    return point.unseen


def _named(curve: Curve) -> str:
    return "share of the users" if curve.over == DATA else curve.over


def _magnitudes(axis: Axes, values: Sequence[float], *, first: float, gap: float) -> None:
    """By magnitude where values span some; ticks at those that are ``gap`` of the width apart, ``first`` among them."""
    by_magnitude = min(values) > 0 and max(values) >= APART * min(values)
    if by_magnitude:
        axis.set_xscale("log")
        axis.minorticks_off()
    places = {one: np.log(one) if by_magnitude else one for one in {first, *values}}
    room = gap * (max(places.values()) - min(places.values()))
    ticks: list[float] = []
    for one in (first, min(values), max(values), *sorted(values)):
        if all(abs(places[one] - places[other]) >= room for other in ticks):
            ticks.append(one)
    axis.set_xticks(ticks, [f"{at:,.3g}" if at < 100 else f"{at:,.0f}" for at in ticks])


def _named_rows(axis: Axes, names: Sequence[str]) -> None:
    """One row a name, the first on top."""
    axis.set_yticks(range(len(names)), [_short(name) for name in names])
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.grid(False, axis="y")
    axis.grid(True, axis="x", color=LINE)
    axis.xaxis.set_major_locator(MaxNLocator(nbins=6))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _height(rows: int) -> float:
    return 0.75 + 0.34 * max(1, rows)
