"""The pictures of segments: a map, a tree, and how well each number of segments stands apart."""

import io
import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from scipy.cluster.hierarchy import dendrogram

from slatewright.data.report.drawing import ON_PAGE, ON_PAPER, Palette, chart, style_of
from slatewright.data.report.wording import number, percent
from slatewright.models.segments.clustering import Clusters
from slatewright.models.segments.portrait import Portrait
from slatewright.models.segments.report.flattening import Plane

# Twelve colours that stand apart from each other on white and on black; more segments than that begin again.
COLORS = (
    "#3f7de0", "#dd7a2d", "#2a9d74", "#b84f98", "#8273e6", "#c99a1f",
    "#cf4a43", "#2ba3bd", "#84922c", "#9a6747", "#6c8197", "#e07fb0",
)  # fmt: skip
DOTS_PER_INCH = 150
Draw = Callable[[list[Axes], Palette], None]


def color_of(segment: int) -> str:
    """The colour of a segment, from 0."""
    return COLORS[segment % len(COLORS)]


def map_of(plane: Plane, portraits: Sequence[Portrait]) -> Draw:
    """Members as points in the colour of their segment, its number where most of them lie, its name beside the map."""

    def draw(axes: list[Axes], palette: Palette) -> None:
        (axis,) = axes
        colors = [color_of(label) for label in plane.labels.tolist()]
        axis.scatter(plane.points[:, 0], plane.points[:, 1], s=11, c=colors, alpha=0.55, linewidths=0)
        for at, portrait in enumerate(portraits):
            mine = plane.points[plane.labels == at]
            if len(mine):
                x, y = _middle(mine)
                axis.plot([x], [y], "o", markersize=18, color=color_of(at), markeredgecolor=palette.card)
                axis.annotate(
                    str(portrait.number), (x, y), ha="center", va="center_baseline", color="#ffffff", weight="bold"
                )
        _list_names(axis, portraits, palette)
        axis.grid(False)
        axis.spines[:].set_visible(False)
        axis.set_xticks([])
        axis.set_yticks([])
        axis.set_box_aspect(0.92)

    return draw


def _middle(points: np.ndarray) -> tuple[float, float]:
    """The point with the nearest other points around it: a number there stands among its own."""
    sample = points[:400]
    apart = np.square(sample[:, None] - sample[None, :]).sum(axis=2)
    near = np.sort(apart, axis=1)[:, : max(2, len(sample) // 4)].sum(axis=1)
    x, y = sample[int(np.argmin(near))].tolist()
    return x, y


def _list_names(axis: Axes, portraits: Sequence[Portrait], palette: Palette) -> None:
    for at, portrait in enumerate(portraits):
        y = 0.98 - at / max(len(portraits), 12)
        axis.plot([1.05], [y], "o", markersize=9, color=color_of(at), transform=axis.transAxes, clip_on=False)
        text = f"{portrait.number}  {shortened(portrait.name, 34)}"
        axis.text(1.085, y, text, transform=axis.transAxes, va="center", color=palette.ink)
        axis.text(
            1.085,
            y - 0.033,
            f"     {percent(portrait.share)}",
            transform=axis.transAxes,
            va="center",
            color=palette.faint,
            fontsize=8.5,
        )


def tree_of(clusters: Clusters, portraits: Sequence[Portrait]) -> Draw:
    """A dendrogram: segments that join early, near their names, are alike."""

    def draw(axes: list[Axes], palette: Palette) -> None:
        (axis,) = axes
        order = _lines(axis, clusters, palette)
        for place, leaf in enumerate(order):
            y, portrait = 10 * place + 5, portraits[leaf]
            axis.plot([0], [y], "o", markersize=11, color=color_of(leaf), clip_on=False)
            text = f"{portrait.number}  {shortened(portrait.name, 40)}"
            axis.annotate(text, (0, y), (14, 0), textcoords="offset points", va="center", color=palette.ink)
            axis.annotate(
                number(portrait.size),
                (0, y),
                (-12, 9),
                textcoords="offset points",
                ha="right",
                color=palette.faint,
                fontsize=8.5,
            )
        axis.set_ylim(10 * len(order), 0)
        axis.invert_xaxis()
        axis.set_xlabel("distance at which they join (Ward)")
        axis.set_yticks([])
        axis.grid(False)
        axis.spines[["left"]].set_visible(False)
        axis.set_box_aspect(None)
        axis.margins(x=0.04)

    return draw


def _lines(axis: Axes, clusters: Clusters, palette: Palette) -> list[int]:
    """Draw the joints from the leaves at 0 upwards; gives the segments from the top of the picture."""
    if len(clusters) < 2:
        return list(range(len(clusters)))
    joints = dendrogram(clusters.tree(), no_plot=True)
    for heights, places in zip(joints["dcoord"], joints["icoord"], strict=True):
        axis.plot(heights, places, color=palette.faint, linewidth=1.4, solid_joinstyle="round")
    return [int(leaf) for leaf in joints["leaves"]]


def choice_of(tried: Mapping[int, float], taken: int) -> Draw:
    """The mean silhouette of each number of segments; the taken one is filled."""

    def draw(axes: list[Axes], palette: Palette) -> None:
        (axis,) = axes
        axis.plot(list(tried), list(tried.values()), "-", color=COLORS[0], linewidth=1.6)
        axis.plot(list(tried), list(tried.values()), "o", color=COLORS[0], markerfacecolor=palette.card, markersize=6)
        axis.plot([taken], [tried[taken]], "o", color=COLORS[0], markersize=9)
        axis.set_xlabel("number of segments")
        axis.set_ylabel("mean silhouette")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.yaxis.set_major_locator(MaxNLocator(nbins=4))

    return draw


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is too long."""
    return text if len(text) <= most else text[: most - 1].rstrip(" ,") + "…"


def on_page(draw: Draw, title: str, *, height: float, width: float = 8.6) -> str:
    """A picture as inline SVG whose colours follow the page."""
    return chart(lambda axes: draw(axes, ON_PAGE), title, height=height, width=width)


def on_paper(draw: Draw, *, height: float, width: float = 8.6) -> Mapping[str, bytes]:
    """A picture as files of its own: ``svg`` and ``png``."""
    files = {}
    with rc_context(style_of(ON_PAPER)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        figure = Figure(figsize=(width, height), layout="constrained")
        canvas = FigureCanvasAgg(figure)
        draw([figure.subplots()], ON_PAPER)
        for kind in ("svg", "png"):
            out = io.BytesIO()
            metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
            canvas.print_figure(out, format=kind, dpi=DOTS_PER_INCH, metadata=metadata)
            files[kind] = out.getvalue()
    return files
