"""How neural models were trained, drawn epoch by epoch."""

from collections.abc import Iterator
from html import escape

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from slatewright.data.report.drawing import INK, KINDS, chart
from slatewright.data.report.markup import Cell, folded_away, plot, section, table
from slatewright.evaluate.reporting.contents import Report
from slatewright.models.neural.epochs import EpochCurve

LOSS, VALIDATION = KINDS[1], KINDS[0]
DASHED = (0, (4, 3))
MOST_DOTS = 40  # epochs; a longer line says it by itself


def by_epoch(report: Report) -> str:
    """The card."""
    lead = (
        "How neural models were trained: the loss is what a training makes smaller, the validation is on what was held "
        "out of it, and higher is better. The ring is the best epoch, whose weights the model has."
    )
    return section("Training by epoch", lead, *(part for pair in report.epochs.items() for part in _training(*pair)))


def _training(name: str, curve: EpochCurve) -> Iterator[str]:
    yield f"<h3>{escape(name)}</h3>"
    said = f"{curve.summary}. {curve.advice}"
    if len(curve.losses) == 1:  # a point draws nothing
        yield f"<p>{escape(said)}</p>"
        return
    yield plot(epochs_picture(name, curve), said)
    yield folded_away(f"Every epoch of {name}", table(_heads(curve), _rows(curve)))


def epochs_picture(name: str, curve: EpochCurve) -> str:
    """The loss above the validation, where there is one; ring and dashed line: the best epoch."""
    n = len(curve.losses)
    epochs, gap = range(1, n + 1), 0.03 * n
    drawn = [("loss", LOSS, curve.losses), ("validation", VALIDATION, curve.validations)]
    shown = [one for one in drawn if one[2]]

    def draw(axes: list[Axes]) -> None:
        for axis, (title, color, values) in zip(axes, shown, strict=True):
            axis.plot(epochs, values, "-o" if n <= MOST_DOTS else "-", color=color, markersize=4)
            axis.set_title(title, color=INK)
            axis.yaxis.set_major_locator(MaxNLocator(nbins=4))
        if curve.validations:
            for axis in axes:
                axis.axvline(curve.best, color=INK, linewidth=0.9, linestyle=DASHED)
            ring = axes[-1].plot([curve.best], [max(curve.validations)], "o", color=VALIDATION, markersize=10)[0]
            ring.set(fillstyle="none", clip_on=False)  # the best lies at the upper edge, where half a ring would be cut
        axes[-1].set_xlim(max(1 - gap, 0.01), n + gap)  # there is no epoch 0 to have a tick
        axes[-1].xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
        axes[-1].set_xlabel("epoch; dashed: the best" if curve.validations else "epoch")

    says = f"{' and '.join(one[0] for one in shown)} of {name} by epoch: {curve.summary}"
    return chart(draw, says, height=2.2 if len(shown) == 1 else 3.6, rows=len(shown))


def _heads(curve: EpochCurve) -> tuple[str, ...]:
    return ("epoch", "loss", "validation", "") if curve.validations else ("epoch", "loss")


def _rows(curve: EpochCurve) -> Iterator[tuple[Cell, ...]]:
    for at, loss in enumerate(curve.losses, 1):
        if not curve.validations:
            yield at, f"{loss:.5g}"
            continue
        yield at, f"{loss:.5g}", f"{curve.validations[at - 1]:.5g}", "best" if at == curve.best else ""
