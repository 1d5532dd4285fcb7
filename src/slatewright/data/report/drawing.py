"""How a chart becomes part of the page: an SVG whose text is text and whose colours follow the page, light or dark."""

import io
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

# Matplotlib draws with these stand-ins; the page's style sheet says what they are.
INK, FAINT, LINE, EMPTY, CARD = "#010101", "#020202", "#030303", "#040404", "#0f0f0f"
KINDS = ("#050505", "#060606", "#070707", "#080808", "#090909")
HEAT = ("#0a0a0a", "#0b0b0b", "#0c0c0c", "#0d0d0d", "#0e0e0e")
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        INK: "--ink",
        FAINT: "--faint",
        LINE: "--line",
        EMPTY: "--empty",
        CARD: "--card",
        **{color: f"--kind-{at}" for at, color in enumerate(KINDS, 1)},
        **{color: f"--heat-{at}" for at, color in enumerate(HEAT, 1)},
    }
)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of everything that is no data; ``card`` is the ground."""

    ink: str
    faint: str
    line: str
    card: str


ON_PAGE = Palette(INK, FAINT, LINE, CARD)
ON_PAPER = Palette("#1d2127", "#646b75", "#d5d2cb", "#ffffff")  # a file of its own, where no style sheet speaks
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "slatewright",
    "font.family": "sans-serif",
    "font.size": 10.5,
    "text.parse_math": False,  # a kind may be called $a$
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.linewidth": 0.7,
    "xtick.major.size": 0,
    "xtick.major.pad": 6,
    "ytick.major.size": 0,
    "axes.facecolor": "none",
}


def style_of(palette: Palette) -> dict[str, Any]:
    """What ``rc_context`` is told."""
    return _STYLE | {
        "text.color": palette.ink,
        "axes.edgecolor": palette.line,
        "axes.labelcolor": palette.faint,
        "grid.color": palette.line,
        "xtick.color": palette.faint,
        "ytick.color": palette.faint,
        "figure.facecolor": "none" if palette is ON_PAGE else palette.card,
    }


def chart(
    draw: Callable[[list[Axes]], None], title: str, *, height: float = 2.6, width: float = 8.6, rows: int = 1
) -> str:
    """Draw on ``rows`` axes below each other (they share x) and return the chart as inline SVG.

    Sizes are in inches; on the page the chart is as wide as its card. ``title`` is what a screen reader says.
    """
    with rc_context(style_of(ON_PAGE)):
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
    role = f' role="img" aria-label="{escape(title)}"'
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', lambda found: found[1] + role, svg, count=1)
    return re.sub("|".join(_NAMES), lambda found: f"var({_NAMES[found.group()]})", svg)
