"""One trial of a search: which knobs, how it went, how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from slatewright.evaluate.tuning.budgets import Ladder
from slatewright.evaluate.tuning.objectives import Objective

State: TypeAlias = Literal["running", "complete", "pruned", "failed"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one budget brought: the ``rung`` of the ladder from 0, each objective's value, seconds."""

    rung: int
    values: tuple[float, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """``params`` is what the sampler proposed, ``knobs`` what they mean; ``usual``: the estimator as it was.

    ``values`` are those that the trial counts for (empty unless complete), ``reason`` says why it ended as it did, and
    ``starts`` counts how often it was begun, more than once where the search was stopped in the middle of it.
    """

    number: int
    knobs: Mapping[str, Any]
    params: Mapping[str, Any]
    state: State = "running"
    steps: tuple[Step, ...] = ()
    values: tuple[float, ...] = ()
    reason: str = ""
    usual: bool = False
    starts: int = 1

    @property
    def seconds(self) -> float:
        """Time of all its steps."""
        return sum(step.seconds for step in self.steps)


def better(objective: Objective, one: float, other: float) -> bool:
    """Whether the one value is better than the other."""
    return one > other if objective.higher else one < other


def best_step(steps: Sequence[Step], ladder: Ladder, objective: Objective) -> Step:
    """The step that a trial counts for: the best by the first objective, the earliest of equals, or the last."""
    best = steps[0]
    for step in steps[1:]:
        if not ladder.keep_best or better(objective, step.values[0], best.values[0]):
            best = step
    return best


def out_of_patience(steps: Sequence[Step], ladder: Ladder, objective: Objective, patience: int) -> bool:
    """Whether the last ``patience`` budgets brought nothing."""
    return ladder.keep_best and len(steps) - 1 - steps.index(best_step(steps, ladder, objective)) >= patience
