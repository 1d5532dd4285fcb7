"""The pictures of a report."""

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from slatewright.data.report.drawing import EMPTY, FAINT, INK, KINDS, LINE, chart
from slatewright.evaluate.evaluation import BASELINE, Breakdown, Group, Measured
from slatewright.evaluate.forest import Line, forest
from slatewright.evaluate.reporting.popularity_mix import PopularityMix
from slatewright.evaluate.reporting.spacing import apart
from slatewright.evaluate.wording import short, sign, title
from slatewright.metrics.bootstrap import Interval

HALF = 4.2  # inches, where two stand side by side
LABEL = 0.085  # of the height of an axis: a line of text
SEGMENTS = 12  # drawn; the table has all
LONGEST = 30  # letters of a name beside an axis


def metric_picture(group: Group, metric: str, k: int) -> str:
    """One metric of every recommender that has it, the highest on top; blue: apart from popularity for sure."""
    told = [one for one in group.measured if metric in one.metrics]
    told.sort(key=lambda one: -one.metrics[metric].value)
    base = next((one.metrics[metric] for one in told if one.name == BASELINE), None)
    lines = [Line(_short(one.name), one.metrics[metric], _is_apart(one, metric, base)) for one in told]
    bar = None if base is None else base.value
    name = title(metric, k)
    return forest(lines, bar, f"{name}; dashed: {BASELINE}", title=f"{name} of each, with intervals", width=HALF)


def _is_apart(one: Measured, metric: str, base: Interval | None) -> bool:
    """By the paired difference; what is counted over all lists has none, and there the intervals must not touch."""
    if base is None or one.name == BASELINE:
        return False
    if metric in one.lead:
        return bool(sign(one, metric))
    found = one.metrics[metric]
    return found.low > base.high or found.high < base.low


def tradeoff_picture(group: Group, across: str, up: str, k: int) -> str:
    """Two metrics of every recommender against each other, with intervals; names stand beside, in order of height."""
    told = [one for one in group.measured if across in one.metrics and up in one.metrics]
    colors = _colors(one.name for one in told)

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        for one in told:
            x, y, color = one.metrics[across], one.metrics[up], colors[one.name]
            axis.plot([x.low, x.high], [y.value, y.value], color=color, linewidth=1.2, alpha=0.6)
            axis.plot([x.value, x.value], [y.low, y.high], color=color, linewidth=1.2, alpha=0.6)
            axis.plot([x.value], [y.value], "o", color=color, markersize=7)
        axis.grid(True, axis="x", color=LINE)
        axis.locator_params(nbins=5)
        axis.set_xlabel(title(across, k))
        axis.set_ylabel(title(up, k))
        points = [(one.metrics[across].value, one.metrics[up].value) for one in told]
        _name_points(axis, points, [(_short(one.name), colors[one.name]) for one in told])

    says = f"{title(up, k)} against {title(across, k)} of each recommender"
    return chart(draw, says, height=3.0, width=HALF + 0.5)


def _name_points(axis: Axes, points: Sequence[tuple[float, float]], named: Sequence[tuple[str, str]]) -> None:
    """Names in their colours to the right of the axis, apart from each other, with a line from each to its point."""
    low, high = axis.get_ylim()
    axis.set_xlim(axis.get_xlim())
    axis.set_ylim(low, high)
    wanted = [(y - low) / ((high - low) or 1) for _, y in points]
    for point, (name, color), place in zip(points, named, apart(wanted, LABEL), strict=True):
        axis.annotate(
            name,
            point,
            (1.03, place),
            textcoords="axes fraction",
            va="center",
            color=color,
            arrowprops={"arrowstyle": "-", "color": LINE, "linewidth": 0.9},
        )


def segments_picture(breakdown: Breakdown, main: str, metric: str, k: int) -> str:
    """One metric of the recommender and of popularity, segment by segment."""
    groups = [one for one in breakdown.groups if any(metric in each.metrics for each in one.measured)][:SEGMENTS]

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        for at, group in enumerate(groups):
            for name, color, off in ((BASELINE, FAINT, 0.16), (main, KINDS[0], -0.16)):
                _point(axis, group.of(name).metrics.get(metric), at + off, color)
        axis.set_yticks(range(len(groups)), [_short(f"{one.name} ({one.users:,})") for one in groups])
        axis.set_ylim(len(groups) - 0.5, -0.5)
        axis.set_xlim(left=0)
        axis.grid(True, axis="x", color=LINE)
        axis.grid(False, axis="y")
        axis.set_xlabel(f"{title(metric, k)}; upper: {main}, lower, grey: {BASELINE}")

    says = f"{title(metric, k)} by {breakdown.by} of {breakdown.of}"
    return chart(draw, says, height=0.8 + 0.42 * max(1, len(groups)))


def _point(axis: Axes, value: Interval | None, at: float, color: str) -> None:
    if value is None:
        return
    axis.plot([value.low, value.high], [at, at], color=color, linewidth=3, alpha=0.5, solid_capstyle="round")
    axis.plot([value.value], [at], "o", color=color, markersize=6)
    axis.annotate(short(value.value), (value.high, at), (6, 0), textcoords="offset points", va="center", color=color)


def mix_picture(mix: PopularityMix, main: str) -> str:
    """Shares by bands of popularity: catalogue as bars, what was taken and what is offered as lines."""
    colors = _colors(mix.offered)
    # Popularity shows next to nothing but the top: it may leave the picture, or the others would lie on the floor.
    seen = [mix.catalogue, mix.taken, *(shares for name, shares in mix.offered.items() if name != BASELINE)]

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        places = np.arange(len(mix.bands))
        axis.bar(places, mix.catalogue, color=EMPTY, width=0.8, label="share of the catalogue")
        for name, shares in mix.offered.items():
            style = "--" if name == BASELINE else "-" if name == main else ":"
            label = f"offered: {_short(name)}"
            axis.plot(places, shares, style, marker="o", markersize=4, color=colors[name], label=label)
        axis.plot(places, mix.taken, "-s", color=INK, linewidth=2.2, label="then taken")
        axis.set_xticks(places, mix.bands)
        axis.set_ylim(0, 1.15 * max(max(one) for one in seen))
        axis.yaxis.set_major_locator(MaxNLocator(nbins=5))
        axis.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axis.set_xlabel("items, by how many people took them before the split: the most popular on the left")
        axis.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1.02))

    return chart(draw, "Popularity of what is offered against what is taken", height=3.6)


def _colors(names: Iterable[str]) -> dict[str, str]:
    """A colour per recommender, in the order of judging; popularity is grey everywhere."""
    ours = [name for name in names if name != BASELINE]
    return {BASELINE: FAINT} | {name: KINDS[at % len(KINDS)] for at, name in enumerate(ours)}


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
