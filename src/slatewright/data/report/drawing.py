"""How a chart becomes part of the page: an SVG whose text is text and whose colours follow the page, light or dark."""

import io
import re
import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

# Matplotlib draws with these stand-ins; the page's style sheet says what they are.
INK, FAINT, LINE, EMPTY = "#010101", "#020202", "#030303", "#040404"
KINDS = ("#050505", "#060606", "#070707", "#080808", "#090909")
HEAT = ("#0a0a0a", "#0b0b0b", "#0c0c0c", "#0d0d0d", "#0e0e0e")
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        INK: "--ink",
        FAINT: "--faint",
        LINE: "--line",
        EMPTY: "--empty",
        **{color: f"--kind-{at}" for at, color in enumerate(KINDS, 1)},
        **{color: f"--heat-{at}" for at, color in enumerate(HEAT, 1)},
    }
)
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "slatewright",
    "font.family": "sans-serif",
    "font.size": 10.5,
    "text.color": INK,
    "text.parse_math": False,  # a kind may be called $a$
    "axes.edgecolor": LINE,
    "axes.labelcolor": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.major.size": 0,
    "xtick.major.pad": 6,
    "ytick.major.size": 0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}


def chart(
    draw: Callable[[list[Axes]], None], title: str, *, height: float = 2.6, width: float = 8.6, rows: int = 1
) -> str:
    """Draw on ``rows`` axes below each other (they share x) and return the chart as inline SVG.

    Sizes are in inches; on the page the chart is as wide as its card. ``title`` is what a screen reader says.
    """
    with rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        canvas = FigureCanvasSVG(figure)
        axes = figure.subplots(rows, 1, sharex=True, squeeze=False)
        draw(list(axes[:, 0]))
        out = io.StringIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # the reader's browser draws the text, not we
            canvas.print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _inlined(out.getvalue(), title)


def _inlined(svg: str, title: str) -> str:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', rf'\1 role="img" aria-label="{title}"', svg, count=1)
    return re.sub("|".join(_NAMES), lambda found: f"var({_NAMES[found.group()]})", svg)
