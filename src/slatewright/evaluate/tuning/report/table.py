"""A search in the terminal: how far it is, and its best trials."""

from collections.abc import Mapping, Sequence

from rich.box import HORIZONTALS
from rich.table import Table
from rich.text import Text

from slatewright.evaluate.tuning.objectives import Objective
from slatewright.evaluate.tuning.report.saying import title_of
from slatewright.evaluate.tuning.trials import Trial, better
from slatewright.evaluate.tuning.tuned import Tuned, as_code
from slatewright.evaluate.wording import number

SHOWN = 8  # trials


def progress_table(trials: Mapping[int, Trial], objectives: Sequence[Objective], most: int) -> Table:
    """The latest trials while a search runs, the best so far marked."""
    ended = [one for one in trials.values() if one.state == "complete"]
    best: Trial | None = None
    for one in ended:
        best = one if best is None or better(objectives[0], one.values[0], best.values[0]) else best
    over = sum(one.state != "running" for one in trials.values())
    table = Table(title=f"{over} of {most} trials", title_justify="left", box=None, pad_edge=False)
    for head in ("trial", *(one.name for one in objectives), "knobs", ""):
        table.add_column(head)
    for trial in [trials[at] for at in sorted(trials)][-SHOWN:]:
        last = trial.values or (trial.steps[-1].values if trial.steps else ())
        values = [number(one) for one in last] or [""] * len(objectives)
        state = "best so far" if trial is best else trial.reason if trial.state == "failed" else trial.state
        table.add_row(*map(Text, (str(trial.number), *values, _knobs(trial), state)))
    return table


def best_trials(tuned: Tuned) -> Table:
    """The front where there are several objectives, else the best trials; the first line is the chosen one."""
    several = len(tuned.setup.objectives) > 1
    sign = -1 if tuned.setup.objectives[0].higher else 1
    best = sorted(tuned.complete, key=lambda one: (sign * one.values[0], one.number))
    shown = tuned.pareto if several else best[:SHOWN]
    heading = "no other trial is better in everything than these" if several else "the best trials"
    table = Table(title=heading, title_justify="left", box=HORIZONTALS, pad_edge=False)
    table.add_column("trial", justify="right")
    for at in range(len(tuned.setup.objectives)):
        table.add_column(title_of(tuned, at), justify="right")
    table.add_column("", overflow="fold")
    for trial in shown:
        line = as_code(tuned.estimator_of(trial)) + ("  (as it was)" if trial.usual else "")
        table.add_row(*map(Text, (str(trial.number), *map(number, trial.values), line)))
    return table


def _knobs(trial: Trial) -> str:
    if trial.usual:
        return "as it was"
    return ", ".join(f"{name}={value}" for name, value in trial.knobs.items())
