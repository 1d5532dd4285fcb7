"""An evaluation as a picture, a file of its own: every recommender with its interval, metric by metric."""

import io
import warnings
from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from slatewright.data.report.drawing import ON_PAPER, style_of
from slatewright.evaluate.evaluation import BASELINE, Evaluation, Measured
from slatewright.evaluate.wording import title

PLOTTED = ("ndcg", "recall", "hit_rate", "coverage")
OURS, THEIRS = "#3f7de0", "#8a8f98"
_INCHES_A_METRIC, _INCHES_A_NAME = 2.6, 0.34


def intervals_svg(found: Evaluation) -> bytes:
    """The first question as SVG: one panel a metric, one line a recommender, popularity in grey."""
    group = found.groups[0]
    metrics = [metric for metric in PLOTTED if all(metric in one.metrics for one in group.measured)]
    with rc_context(style_of(ON_PAPER)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # the reader's browser draws the text, not we
        size = (1.6 + _INCHES_A_METRIC * len(metrics), 0.9 + _INCHES_A_NAME * len(group.measured))
        figure = Figure(figsize=size, layout="constrained")
        canvas = FigureCanvasSVG(figure)
        panels = figure.subplots(1, len(metrics), sharey=True, squeeze=False)[0]
        for axis, metric in zip(panels, metrics, strict=True):
            _panel(axis, group.measured, metric)
            axis.set_title(title(metric, found.k))
        figure.suptitle(f"{group.name}: {group.users:,} users, {found.level:.0%} intervals", x=0.01, ha="left")
        out = io.BytesIO()
        canvas.print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _panel(axis: Axes, measured: Sequence[Measured], metric: str) -> None:
    places = np.arange(len(measured))
    for place, one in zip(places, measured, strict=True):
        interval, color = one.metrics[metric], THEIRS if one.name == BASELINE else OURS
        axis.plot([interval.low, interval.high], [place, place], color=color, linewidth=2, solid_capstyle="butt")
        axis.plot([interval.value], [place], "o", color=color, markersize=6)
    axis.set_yticks(places, [one.name for one in measured])
    axis.set_ylim(len(measured) - 0.5, -0.5)
    axis.grid(True, axis="x")
    axis.grid(False, axis="y")
    axis.locator_params(axis="x", nbins=4)
