"""A forest plot: one value with its interval a line, and a bar that is to be beaten."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from slatewright.data.report.drawing import FAINT, INK, KINDS, LINE, chart
from slatewright.evaluate.wording import number
from slatewright.metrics.bootstrap import Interval


@dataclass(frozen=True, slots=True)
class Line:
    """One line: grey unless it is ``sure`` of its place."""

    name: str
    value: Interval
    sure: bool


def forest(lines: Sequence[Line], bar: float | None, says: str, *, title: str, width: float = 8.6) -> str:
    """Values with their intervals, the first on top, as an inline SVG; ``says`` stands below the axis."""

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        for at, one in enumerate(lines):
            color = KINDS[0] if one.sure else FAINT
            reach = [one.value.low, one.value.high]
            axis.plot(reach, [at, at], color=color, linewidth=3, alpha=0.5, solid_capstyle="round")
            axis.plot([one.value.value], [at], "o", color=color, markersize=7)
            axis.annotate(
                number(one.value.value), (one.value.value, at), (0, 8), textcoords="offset points", ha="center"
            )
        if bar is not None:
            axis.axvline(bar, color=INK, linewidth=1, linestyle=(0, (4, 3)))
        axis.set_yticks(range(len(lines)), [one.name for one in lines])
        axis.set_ylim(len(lines) - 0.5, -0.7)
        axis.grid(True, axis="x", color=LINE)
        axis.grid(False, axis="y")
        axis.locator_params(axis="x", nbins=5)
        axis.set_xlabel(says)

    return chart(draw, title, height=0.9 + 0.45 * len(lines), width=width)
