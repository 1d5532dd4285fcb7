"""The numbers of an evaluation, for the record of a run: all of them, and the few that a list of runs shows."""

from collections.abc import Mapping
from dataclasses import asdict

from slatewright.evaluate.evaluation import BASELINE, Evaluation, Measured
from slatewright.metrics.bootstrap import Interval

MAIN = ("ndcg", "recall")


def metrics_of(found: Evaluation) -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    """Intervals as ``value, low, high``, by question, recommender and metric; leads over popularity among them.

    The segments of a breakdown are questions of their own: ``users with a new item, country of users: DE``.
    """
    asked = (*found.groups, *([found.ratings] if found.ratings else []))
    named = {group.name: group for group in asked} | {
        f"{part.question}, {part.by} of {part.of}: {group.name}": group
        for part in found.breakdowns
        for group in part.groups
    }
    return {name: {one.name: numbers_of(one) for one in group.measured} for name, group in named.items()}


def headline_of(found: Evaluation, name: str) -> dict[str, float]:
    """The main metrics of one recommender in the first question, and the first of them for popularity."""
    group = found.groups[0]
    values = {
        f"{metric}@{found.k}": group.of(name).metrics[metric].value
        for metric in MAIN
        if metric in group.of(name).metrics
    }
    if MAIN[0] not in group.of(BASELINE).metrics:
        return values
    return values | {f"{BASELINE} {MAIN[0]}@{found.k}": group.of(BASELINE).metrics[MAIN[0]].value}


def numbers_of(one: Measured) -> dict[str, dict[str, float]]:
    """The intervals of one recommender by metric, its leads over popularity among them."""
    return intervals(one.metrics) | {
        f"{metric} over {BASELINE}": value for metric, value in intervals(one.lead).items()
    }


def intervals(found: Mapping[str, Interval]) -> dict[str, dict[str, float]]:
    """Intervals as ``value, low, high`` by name."""
    return {name: asdict(one) for name, one in found.items()}
