"""One question, summed up: an interval for every metric of every recommender, and for its lead over popularity."""

from collections.abc import Mapping

import numpy as np

from slatewright.evaluate.evaluation import BASELINE, Group, Measured
from slatewright.evaluate.judged import Asked, Judged
from slatewright.metrics.bootstrap import Bootstrap, Interval, coverage_interval
from slatewright.metrics.ranking import PerUser
from slatewright.metrics.registry import MEANINGS

COVERAGE = "coverage"


def group_of(judged: Judged, asked: Asked, bootstrap: Bootstrap) -> Group:
    """Every recommender by the answers to one question."""
    values = {name: judged.per_user(name, asked) for name in judged.names}
    covered = {name: {COVERAGE: _covered(judged, name, asked, bootstrap)} for name in judged.names}
    return Group(asked.question.name, asked.question.meaning, len(asked), measured_of(values, bootstrap, covered))


def measured_of(
    values: Mapping[str, Mapping[str, PerUser]],
    bootstrap: Bootstrap,
    others: Mapping[str, Mapping[str, Interval]] | None = None,
) -> tuple[Measured, ...]:
    """Intervals for the numbers of users (NaN: none) by recommender and metric, and for their leads over popularity.

    All share their draws. ``others`` are intervals that were made elsewhere.
    """
    leads = {
        (name, metric): each - values[BASELINE][metric]
        for name, metrics in values.items()
        for metric, each in metrics.items()
        if name != BASELINE and metric in values.get(BASELINE, {})
    }
    columns = {(name, metric, ""): each for name, metrics in values.items() for metric, each in metrics.items()}
    columns |= {(*key, "lead"): each for key, each in leads.items() if not np.isnan(each).all()}
    found = dict(zip(columns, bootstrap.means_of(list(columns.values())), strict=True))
    return tuple(
        Measured(
            name,
            _in_order(_of(found, name, "") | dict((others or {}).get(name, {}))),
            _of(found, name, "lead"),
        )
        for name in values
    )


def _of(found: Mapping[tuple[str, str, str], Interval], name: str, what: str) -> dict[str, Interval]:
    return {metric: interval for (one, metric, kind), interval in found.items() if (one, kind) == (name, what)}


def _in_order(metrics: Mapping[str, Interval]) -> dict[str, Interval]:
    """As the list of all metrics has them."""
    return {name: metrics[name] for name in MEANINGS if name in metrics}


def _covered(judged: Judged, name: str, asked: Asked, bootstrap: Bootstrap) -> Interval:
    lists = judged.lists_for(name, asked)
    return coverage_interval(lists.items, lists.counts, len(asked.cases.items), bootstrap)
