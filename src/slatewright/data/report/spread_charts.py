"""The plots of how events are spread over users and items."""

import numpy as np
from matplotlib.axes import Axes

from slatewright.data.report.contents import DataReport
from slatewright.data.report.drawing import INK, KINDS, chart
from slatewright.data.report.spread import Spread
from slatewright.data.report.wording import number, percent

_MARKED = (0.01, 0.1, 0.2, 0.5)  # shares of the items


def activity(report: DataReport) -> str:
    """How many users have how many events."""
    return _bars(report.per_user, "Users by number of events", KINDS[0])


def popularity(report: DataReport) -> str:
    """How many items have how many events."""
    return _bars(report.per_item, "Items by number of events", KINDS[1])


def long_tail(report: DataReport) -> str:
    """The share of the events that the most popular items take, from the first item to all of them."""
    x, y = report.per_item.head_curve()

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        axis.fill_between(x, y, color=KINDS[1], alpha=0.25, linewidth=0)
        axis.plot(x, y, color=KINDS[1], linewidth=1.8)
        for share in _MARKED:
            taken = float(np.interp(share, x, y))
            axis.plot([share], [taken], "o", color=KINDS[1], markersize=5)
            text = f"{percent(share)} of the items take {percent(taken)}"
            axis.annotate(text, (share, taken), xytext=(9, -11), textcoords="offset points", color=INK)
        axis.set_xlim(0, 1)
        axis.set_ylim(0, 1.04)
        for ticks, label in ((axis.set_xticks, "share of the items, most popular first"), (axis.set_yticks, None)):
            ticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
            if label:
                axis.set_xlabel(label)
        axis.set_ylabel("share of the events")

    return chart(draw, "The long tail: share of events taken by the most popular items", height=3.2)


def _bars(spread: Spread, title: str, color: str) -> str:
    names, counts = spread.bins()

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        bars = axis.barh(names, counts, color=color, height=0.78)
        axis.bar_label(bars, [number(count) if count else "" for count in counts], padding=4, color=INK)
        axis.invert_yaxis()
        axis.set_ylabel("events")
        axis.margins(x=0.14, y=0.01)
        axis.xaxis.set_visible(False)
        axis.spines[:].set_visible(False)
        axis.grid(False)

    return chart(draw, title, width=4.4, height=0.5 + 0.24 * len(names))
