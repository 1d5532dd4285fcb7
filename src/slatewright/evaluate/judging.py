"""Judge recommenders on a fold, next to popularity measured in the same run."""

from collections.abc import Mapping, Sequence

import numpy as np

from slatewright.data.splits import Fold
from slatewright.evaluate.evaluation import BASELINE, Evaluation, Group, Measured
from slatewright.evaluate.judged import Asked, Judged, judge
from slatewright.evaluate.lists import Recommender
from slatewright.evaluate.questions import QUESTIONS, Question
from slatewright.metrics.bootstrap import Bootstrap, Interval, coverage_interval
from slatewright.metrics.ranking import METRICS
from slatewright.models import Estimator
from slatewright.pipeline.learning import Progress, silent


def evaluate(
    recommenders: Mapping[str, Recommender],
    fold: Fold,
    *,
    k: int = 20,
    questions: Sequence[Question] = QUESTIONS,
    bootstrap: Bootstrap | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Judge models, whole pipelines, or any function of cases and k, all fitted on ``fold.train``.

    Every item is ranked (no sampled negatives), and every question is asked of every recommender; a question that
    nobody is in is left out. Popularity (items by how many users took them) is fitted here on the same training part
    and judged first.

    Raises:
        BadInput: a recommender was fitted on other items or is called "popularity", or no test user has a right item.
        BadKnob: k is below 1.
    """
    judged = judge(recommenders, fold, k=k, progress=progress)
    progress("judge", len(judged.lists), len(judged.lists))
    return summarise(judged, questions=questions, bootstrap=bootstrap)


def summarise(
    judged: Judged, *, questions: Sequence[Question] = QUESTIONS, bootstrap: Bootstrap | None = None
) -> Evaluation:
    """Sum up what was judged: an interval for every metric of every recommender, question by question."""
    bootstrap = bootstrap or Bootstrap()
    asked = [judged.asked(question) for question in questions]
    train = judged.fold.train
    return Evaluation(
        k=judged.k,
        as_of=train.as_of,
        data=train.version,
        n_users=train.n_users,
        n_items=train.n_items,
        level=bootstrap.level,
        groups=tuple(_group(judged, one, bootstrap) for one in asked if one is not None),
    )


def evaluate_estimators(estimators: Mapping[str, Estimator], fold: Fold, *, k: int = 20) -> Evaluation:
    """Fit each estimator on the training part of a fold, and judge what it learned."""
    return evaluate({name: estimator.fit(fold.train) for name, estimator in estimators.items()}, fold, k=k)


def _group(judged: Judged, asked: Asked, bootstrap: Bootstrap) -> Group:
    values = {name: judged.values(name, asked) for name in judged.names}
    means = bootstrap.means(np.hstack([*values.values(), *(one - values[BASELINE] for one in values.values())]))
    each = [dict(zip(METRICS, means[at : at + len(METRICS)], strict=True)) for at in range(0, len(means), len(METRICS))]
    measured = [
        _measured(name, each[at], each[at + len(values)], _covered(judged, name, asked, bootstrap))
        for at, name in enumerate(values)
    ]
    return Group(asked.question.name, asked.question.meaning, len(asked), tuple(measured))


def _covered(judged: Judged, name: str, asked: Asked, bootstrap: Bootstrap) -> Interval:
    lists = judged.lists_for(name, asked)
    return coverage_interval(lists.items, lists.counts, len(asked.cases.items), bootstrap)


def _measured(name: str, metrics: dict[str, Interval], lead: dict[str, Interval], covered: Interval) -> Measured:
    return Measured(name, metrics | {"coverage": covered}, {} if name == BASELINE else lead)
