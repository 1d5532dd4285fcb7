"""A search as plain data, ready for JSON."""

from dataclasses import asdict
from typing import Any

from slatewright.evaluate.tuning.looking import Look
from slatewright.evaluate.tuning.trials import Trial
from slatewright.evaluate.tuning.tuned import Tuned, as_code


def as_dict(tuned: Tuned, look: Look | None) -> dict[str, Any]:
    """Everything: the best estimator as a line, every trial, the front, the importance of knobs, the look."""
    setup = tuned.setup
    return {
        "estimator": type(setup.estimator).__name__,
        "as_it_was": as_code(setup.estimator),
        "best": tuned.line,
        "best_trial": tuned.best.number,
        "objectives": [asdict(one) for one in setup.objectives],
        "k": setup.search.k,
        "search": asdict(setup.search),
        "space": {name: asdict(one) for name, one in setup.space.ranges.items()},
        "ladder": asdict(setup.ladder),
        "trials": [_trial(tuned, trial) for trial in tuned.trials],
        "pareto": [trial.number for trial in tuned.pareto],
        "importance": dict(tuned.importance),
        "test": None if look is None else look.as_dict(),
    }


def _trial(tuned: Tuned, trial: Trial) -> dict[str, Any]:
    about = {"number": trial.number, "state": trial.state, "reason": trial.reason, "as_it_was": trial.usual}
    steps = [{"budget": tuned.setup.ladder.rungs[step.rung], **asdict(step)} for step in trial.steps]
    return {**about, "values": trial.values, "knobs": tuned.knobs_of(trial), "steps": steps, "seconds": trial.seconds}
