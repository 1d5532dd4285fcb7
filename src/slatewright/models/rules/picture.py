"""A picture of rules: where all of them lie, and what the first of them say."""

import warnings
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from slatewright.core.arrays import Frame
from slatewright.data.report.drawing import ON_PAPER, style_of

SUFFIXES = (".svg", ".png", ".pdf")
MOST_POINTS = 20_000
SHOWN = 15
LONGEST = 60  # letters of a rule


def draw_rules(rows: Frame, measure: str, path: Path) -> None:
    """Draw rules, the most telling first, to a file: support against confidence, coloured by lift, and the first few.

    ``rows`` as ``RuleTable.frame`` gives them, with titles as names.
    """
    with rc_context(style_of(ON_PAPER)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        figure = Figure(figsize=(12, 5.2), layout="constrained", dpi=150)
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.1))
        if rows.height:
            _scatter(left, rows.head(MOST_POINTS), figure)
            _bars(right, rows.head(SHOWN), measure)
        figure.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)


def _scatter(axis: Axes, rows: Frame, figure: Figure) -> None:
    lift = np.log10(np.maximum(rows["lift"].to_numpy(), 1e-3))
    order = np.argsort(lift)  # the highest lift on top
    support, confidence = (100 * rows[name].to_numpy()[order] for name in ("support", "confidence"))
    points = axis.scatter(support, confidence, c=lift[order], s=12, cmap="viridis", linewidths=0, alpha=0.8)
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter("{x:g}")
    axis.xaxis.set_minor_formatter("")
    axis.set(xlabel="support, % of baskets", ylabel="confidence, %", title=f"{rows.height:,} rules")
    bar = figure.colorbar(points, ax=axis, format=lambda at, _: f"{10**at:.3g}")
    bar.set_label("lift")
    bar.outline.set_visible(False)


def _bars(axis: Axes, rows: Frame, measure: str) -> None:
    values = rows[measure].to_numpy()
    shown = np.where(np.isfinite(values), values, np.nanmax(np.where(np.isfinite(values), values, 1.0)))
    axis.barh(np.arange(rows.height), shown, color="#3f7de0", alpha=0.35)
    axis.invert_yaxis()
    for at, rule in enumerate(rows.iter_rows(named=True)):
        axis.text(0, at, " " + spoken(rule["antecedent"], rule["consequent"]), va="center", fontsize=9)
    axis.set(yticks=[], xlabel=measure, title=f"the first {rows.height} by {measure}")
    axis.grid(False)


def spoken(antecedent: list[str], consequent: list[str]) -> str:
    """``bread + butter → jam``, with what is too long left out on the left."""
    left, right = (" + ".join(side) for side in (antecedent, consequent))
    room = max(LONGEST - len(right), 10)
    return f"{left if len(left) <= room else left[: room - 1].rstrip() + '…'} → {right}"
