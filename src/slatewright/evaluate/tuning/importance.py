"""Which knobs matter: fANOVA of Hutter, Hoos and Leyton-Brown (ICML 2014), as Optuna has it."""

from collections.abc import Mapping, Sequence

from slatewright.evaluate.tuning.objectives import Objective
from slatewright.evaluate.tuning.proposing import distributions_of, optuna_module
from slatewright.evaluate.tuning.ranges import GATE, Space
from slatewright.evaluate.tuning.trials import Trial

FEWEST = 8  # complete trials below which nothing can be said


def importance_of(trials: Sequence[Trial], space: Space, objective: Objective) -> Mapping[str, float]:
    """The share of the variance between trials that each knob explains, most first; empty where too little is known."""
    told = [trial for trial in trials if trial.params]
    if len(told) < FEWEST or len({trial.values[0] for trial in told}) == 1:
        return {}
    optuna = optuna_module()
    study = optuna.create_study(direction="maximize" if objective.higher else "minimize")
    distributions = distributions_of(space)
    for trial in told:
        study.add_trial(
            optuna.trial.create_trial(params=dict(trial.params), distributions=distributions, value=trial.values[0])
        )
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
    found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    summed = {name: float(found.get(name, 0.0) + found.get(GATE.format(name), 0.0)) for name in space.ranges}
    return dict(sorted(summed.items(), key=lambda one: -one[1]))
