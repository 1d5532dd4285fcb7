"""A frontier as a picture: accuracy upwards, one kind of variety to the right, a line for each family of orders."""

from matplotlib.axes import Axes

from slatewright.data.report.drawing import FAINT, INK, KINDS, LINE, chart
from slatewright.evaluate.frontier.frontier import ACCURACY, Frontier, Point
from slatewright.evaluate.wording import title

WIDTH, HEIGHT = 7.0, 4.2  # inches


def picture(found: Frontier, metric: str) -> str:
    """Inline SVG; ringed points are those that no other beats in both."""
    families = list(dict.fromkeys(point.family for point in found.points if point.setting))
    colors = dict(zip(families, KINDS, strict=False))
    front = found.front(metric)

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        for family in families:
            _line(axis, [point for point in found.points if point.family == family], metric, colors.get(family, FAINT))
        for point, marker in zip((one for one in found.points if not one.setting), "Ds^v", strict=False):
            at = point.metrics[metric].value, point.metrics[ACCURACY].value
            axis.plot(*at, marker, color=INK, markersize=7, linewidth=0, label=point.name)
        ringed = [(point.metrics[metric].value, point.metrics[ACCURACY].value) for point in front]
        axis.plot(
            *zip(*ringed, strict=True), "o", markersize=13, markerfacecolor="none", markeredgecolor=INK, linewidth=0
        )
        axis.grid(True, color=LINE)
        axis.set_xlabel(title(metric, found.k))
        axis.set_ylabel(title(ACCURACY, found.k))
        axis.legend(loc="best", frameon=False)

    says = f"{title(ACCURACY, found.k)} against {title(metric, found.k)} of every way to arrange"
    return chart(draw, says, height=HEIGHT, width=WIDTH)


def _line(axis: Axes, points: list[Point], metric: str, color: str) -> None:
    x = [point.metrics[metric].value for point in points]
    y = [point.metrics[ACCURACY].value for point in points]
    axis.plot(x, y, "o-", color=color, linewidth=1.6, markersize=5, label=points[0].family)
    axis.annotate(points[-1].setting, (x[-1], y[-1]), (7, 5), textcoords="offset points", color=color)
