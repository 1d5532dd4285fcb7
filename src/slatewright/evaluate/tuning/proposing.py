"""Which knobs a trial tries, and whether it is given up: Optuna's samplers and pruners, shown what a trial may know.

A trial is proposed by a sampler of its own, seeded by the search's seed and the trial's number, which sees the trials
that had ended ``late`` trials before. So the proposal depends on nothing that a clock or a restart could change: the
same seed gives the same trials, in one go or after a kill. What an estimator learns may depend in its last digits on
the number of threads, which the workers share: other workers, and the values and what follows from them may differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slatewright.core.extras import require
from slatewright.evaluate.tuning.objectives import Objective
from slatewright.evaluate.tuning.ranges import GATE, Choice, Space
from slatewright.evaluate.tuning.search import Search
from slatewright.evaluate.tuning.trials import Trial
from slatewright.models import Estimator

if TYPE_CHECKING:
    import optuna
    from optuna.trial import FrozenTrial

FIRST_AT_RANDOM = 10  # trials before TPE trusts what it has seen
KEPT_SHARE = {"median": 50.0, "halving": 100 / 3, "hyperband": 100 / 3}  # per cent that go on at each budget
BEFORE_PRUNING = 4  # trials that must have got to a budget before one is given up there


@dataclass(frozen=True)
class Proposer:
    """What proposes and gives up trials of one search."""

    estimator: Estimator
    space: Space
    search: Search
    objectives: tuple[Objective, ...]
    n_rungs: int

    def propose(self, number: int, known: Sequence[Trial]) -> dict[str, Any]:
        """What trial ``number`` tries, given the trials it may know of; plain values by name."""
        if self.search.sampler == "grid":
            return self.space.params(self.space.grid(number - 1, self.search.rng))
        study = _study(self._sampler(number), self.objectives)
        distributions = distributions_of(self.space)
        study.add_trials([self._frozen(trial, distributions) for trial in known])
        return study.ask(distributions).params

    def gives_up(self, trial: Trial, known: Sequence[Trial]) -> bool:
        """Whether a trial that has just made a step is worse, by every objective, than enough of the others were there.

        Only the trials that it may know of count, also those that were given up later.
        """
        last = trial.steps[-1].rung
        if self.search.pruning == "none" or last == self.n_rungs - 1 or last < self._spared(trial.number):
            return False
        reached = [one for one in known if any(step.rung == last for step in one.steps) and not one.usual]
        return all(self._behind(at, trial, reached) for at in range(len(self.objectives)))

    def _spared(self, number: int) -> int:
        """Hyperband: trials take turns in how long they are spared, so that slow starters get their chance."""
        return number % self.n_rungs if self.search.pruning == "hyperband" else 0

    def _behind(self, at: int, trial: Trial, reached: Sequence[Trial]) -> bool:
        optuna = optuna_module()
        pruner = optuna.pruners.PercentilePruner(KEPT_SHARE[self.search.pruning], n_startup_trials=BEFORE_PRUNING)
        study = _study(None, self.objectives[at : at + 1])
        study.add_trials([_seen(one, at, optuna.trial.TrialState.COMPLETE) for one in reached])
        return bool(pruner.prune(study, _seen(trial, at, optuna.trial.TrialState.RUNNING)))

    def _sampler(self, number: int) -> "optuna.samplers.BaseSampler":
        samplers: Any = optuna_module().samplers
        seed = int(np.random.SeedSequence([self.search.rng, number]).generate_state(1)[0])
        sampler: optuna.samplers.BaseSampler = (
            samplers.RandomSampler(seed=seed)
            if self.search.sampler == "random"
            else samplers.TPESampler(seed=seed, n_startup_trials=FIRST_AT_RANDOM, multivariate=True)
        )
        return sampler

    def _frozen(self, trial: Trial, distributions: Mapping[str, Any]) -> "FrozenTrial":
        """A trial as the sampler sees it: one that failed is as bad as one that was given up at once."""
        optuna = optuna_module()
        complete = trial.state == "complete"
        told = {step.rung: step.values[0] for step in trial.steps} if len(self.objectives) == 1 else {}
        frozen: FrozenTrial = optuna.trial.create_trial(
            state=optuna.trial.TrialState.COMPLETE if complete else optuna.trial.TrialState.PRUNED,
            params=dict(trial.params),
            distributions=dict(distributions),
            values=list(trial.values) if complete else None,
            intermediate_values=told,
        )
        return frozen


def distributions_of(space: Space) -> dict[str, "optuna.distributions.BaseDistribution"]:
    """The space in Optuna's words."""
    kinds = optuna_module().distributions
    found: dict[str, Any] = {}
    for name, one in space.ranges.items():
        if isinstance(one, Choice):
            found[name] = kinds.CategoricalDistribution(list(one.labels()))
            continue
        if one.optional:
            found[GATE.format(name)] = kinds.CategoricalDistribution([False, True])
        if one.whole:
            found[name] = kinds.IntDistribution(int(one.low), int(one.high), log=one.by_magnitude)
        else:
            found[name] = kinds.FloatDistribution(one.low, one.high, log=one.by_magnitude)
    return found


def optuna_module() -> Any:
    """Optuna, silent about what it does.

    Raises:
        MissingExtra: it is not installed.
    """
    optuna = require("optuna", extra="tune", why="tuning")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def _study(sampler: Any, objectives: Sequence[Objective]) -> "optuna.study.Study":
    directions = ["maximize" if one.higher else "minimize" for one in objectives]
    study: optuna.study.Study = optuna_module().create_study(sampler=sampler, directions=directions)
    return study


def _seen(trial: Trial, at: int, state: "optuna.trial.TrialState") -> "FrozenTrial":
    """One objective of a trial, step by step."""
    steps = {step.rung: step.values[at] for step in trial.steps}
    value = list(steps.values())[-1] if state.is_finished() else None
    frozen: FrozenTrial = optuna_module().trial.create_trial(state=state, value=value, intermediate_values=steps)
    return frozen
