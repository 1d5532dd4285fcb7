"""The numbers of a comparison, for the record of a run: all of them, and the few that a list of runs shows."""

from dataclasses import asdict

from slatewright.evaluate.comparing.comparison import Comparison, Difference
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.numbers import numbers_of


def metrics_of(found: Comparison) -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    """Intervals by question, recommender and metric; every difference with its interval and both p values."""
    pairs: dict[str, dict[str, dict[str, float]]] = {}
    for one in found.differences:
        pairs.setdefault(f"{one.first} over {one.second}", {})[one.metric] = _numbers(one)
    return {found.question: {one.name: numbers_of(one) for one in found.contenders}, "differences": pairs}


def headline_of(found: Comparison) -> dict[str, float | str]:
    """The best by the metric that orders the table, its value, and that of popularity."""
    metric, best = found.metrics[0], found.contenders[0]
    name = f"{metric}@{found.k}"
    baseline = next(one for one in found.contenders if one.name == BASELINE)
    values = {name: best.metrics[metric].value, f"{BASELINE} {name}": baseline.metrics[metric].value}
    return {"best": best.name, **values}


def _numbers(one: Difference) -> dict[str, float]:
    return asdict(one.lead) | {"p": one.p, "adjusted": one.adjusted}
