"""The pictures of a search."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator

from slatewright.data.report.drawing import FAINT, INK, KINDS, LINE, chart
from slatewright.evaluate.tuning.ranges import DECADE
from slatewright.evaluate.tuning.report.saying import title_of
from slatewright.evaluate.tuning.trials import Trial, better
from slatewright.evaluate.tuning.tuned import Tuned

LOWEST = 0.02  # of all steps, the worst ones, which would squeeze the others into a line, are cut off
FINER = (1.0, 2.0, 5.0)  # ticks of an axis by magnitude that spans little
BUDGETS = {"epochs": "epochs", "users": "share of the users", "full": "share of the users"}


def history(tuned: Tuned) -> str:
    """Every trial where it stood, in order, and the best so far as a line."""
    best: list[float] = []
    for trial in tuned.complete:
        value, first = trial.values[0], tuned.setup.objectives[0]
        best.append(value if not best or better(first, value, best[-1]) else best[-1])

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        numbers = [trial.number for trial in tuned.complete]
        axis.step(numbers, best, where="post", color=INK, linewidth=1.2)
        axis.plot(numbers, [trial.values[0] for trial in tuned.complete], "o", color=KINDS[0], markersize=5.5)
        pruned = [trial for trial in tuned.trials if trial.state == "pruned"]
        axis.plot([one.number for one in pruned], [one.steps[-1].values[0] for one in pruned], "x", color=FAINT)
        failed = [trial.number for trial in tuned.trials if trial.state == "failed"]
        _frame(axis, _all_values(tuned))
        axis.plot(failed, [axis.get_ylim()[0]] * len(failed), "v", color=KINDS[3], clip_on=False)
        axis.set_xlabel("trial")
        axis.set_ylabel(title_of(tuned))
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))

    return chart(draw, f"{title_of(tuned)} of every trial", height=2.8)


def climbs(tuned: Tuned) -> str:
    """How each trial did as its budget grew."""
    ladder = tuned.setup.ladder
    chosen = tuned.best

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        for trial in sorted(tuned.trials, key=lambda one: one is chosen):
            if not trial.steps or trial.usual:
                continue
            budgets = [ladder.rungs[step.rung] for step in trial.steps]
            color = INK if trial is chosen else KINDS[0] if trial.state == "complete" else FAINT
            values = [step.values[0] for step in trial.steps]
            axis.plot(budgets, values, "-o", color=color, alpha=1 if trial is chosen else 0.5, markersize=3)
        _frame(axis, _all_values(tuned))
        axis.set_xscale("log")
        axis.set_xticks(ladder.rungs, [f"{rung:.3g}" for rung in ladder.rungs])
        axis.minorticks_off()
        axis.set_xlabel(BUDGETS[ladder.of])
        axis.set_ylabel(title_of(tuned))

    return chart(draw, f"{title_of(tuned)} by budget", height=2.8)


def slice_of(tuned: Tuned, name: str) -> str:
    """The value of one knob in every complete trial, and what came of it; what other knobs were differs."""
    told = [trial for trial in tuned.complete if not trial.usual]
    values = [tuned.knobs_of(trial).get(name) for trial in told]
    reached = [trial.values[0] for trial in told]
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in values if one is not None)

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        if numbers and any(one is not None for one in values):
            _against_numbers(axis, values, reached)
        else:
            names = sorted({str(one) for one in values})
            axis.plot([names.index(str(one)) for one in values], reached, "o", color=KINDS[0], alpha=0.75)
            axis.set_xticks(range(len(names)), names)
            axis.set_xlim(-0.5, len(names) - 0.5)
        axis.axhline(tuned.best.values[0], color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
        _frame(axis, reached)
        axis.set_xlabel(name)
        axis.set_ylabel(title_of(tuned))

    return chart(draw, f"{title_of(tuned)} by {name}", height=2.3, width=4.2)


def front(tuned: Tuned) -> str:
    """Two objectives against each other; those that no other trial beats in both are joined."""
    one, other = 0, 1

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        axis.plot(*_columns(tuned.complete, one, other), "o", color=FAINT, alpha=0.6, markersize=5)
        best = sorted(tuned.pareto, key=lambda trial: trial.values[one])
        axis.plot(*_columns(best, one, other), "-o", color=KINDS[0], markersize=7)
        for trial in best:
            place = (trial.values[one], trial.values[other])
            axis.annotate(str(trial.number), place, (0, 7), textcoords="offset points", ha="center", fontsize=9)
        if tuned.trials[0].values:
            axis.plot(*_columns(tuned.trials[:1], one, other), "s", color=INK, markersize=7)
        axis.margins(0.08, 0.14)
        axis.set_xlabel(title_of(tuned, one))
        axis.set_ylabel(title_of(tuned, other))
        axis.grid(True, axis="x", color=LINE)

    return chart(draw, f"{title_of(tuned, one)} against {title_of(tuned, other)}", height=3.6)


def importance(tuned: Tuned) -> str:
    """How much of the differences each knob explains, as bars."""
    names = list(tuned.importance)

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        axis.barh(names, [tuned.importance[name] for name in names], color=KINDS[0], alpha=0.75, height=0.6)
        axis.invert_yaxis()
        axis.grid(False, axis="y")
        axis.grid(True, axis="x", color=LINE)
        axis.set_xlabel("share of the differences between trials")

    return chart(draw, "Importance of each knob", height=0.9 + 0.3 * len(names))


def _against_numbers(axis: Axes, values: Sequence[float | None], reached: Sequence[float]) -> None:
    """Numbers where they are, by magnitude where they span some; none at the right of them all."""
    there = [(one, height) for one, height in zip(values, reached, strict=True) if one is not None]
    axis.plot(*zip(*there, strict=True), "o", color=KINDS[0], alpha=0.75)
    lowest, highest = min(one for one, _ in there), max(one for one, _ in there)
    by_magnitude = lowest > 0 and highest >= DECADE * lowest
    if by_magnitude:
        axis.set_xscale("log")
        axis.xaxis.set_major_locator(LogLocator(subs=FINER if highest < 10 * DECADE * lowest else (1.0,), numticks=5))
        axis.xaxis.set_major_formatter(FuncFormatter(lambda one, _: f"{one:g}"))
        axis.minorticks_off()
    nothing = [height for one, height in zip(values, reached, strict=True) if one is None]
    if nothing:
        beyond = highest * (highest / lowest) ** 0.1 if by_magnitude else highest + 0.1 * (highest - lowest)
        axis.plot([beyond] * len(nothing), nothing, "D", color=FAINT, markersize=4.5, label="none")
        axis.legend(frameon=False, fontsize=9, loc="lower left")


def _columns(trials: Sequence[Trial], one: int, other: int) -> tuple[list[float], list[float]]:
    return [trial.values[one] for trial in trials], [trial.values[other] for trial in trials]


def _all_values(tuned: Tuned) -> list[float]:
    return [step.values[0] for trial in tuned.trials for step in trial.steps]


def _frame(axis: Axes, values: Sequence[float]) -> None:
    low, high = np.quantile(values, LOWEST), max(values)
    room = 0.08 * (high - low) or 0.1 * abs(high) or 1.0
    axis.set_ylim(low - room, high + room)
