"""Several folds as one evaluation: rolling windows, parts of a cross-validation."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import polars as pl

from slatewright.core.errors import BadInput
from slatewright.data.idmap import IdMap
from slatewright.data.splits import Fold
from slatewright.evaluate.audit import Audit, Finding
from slatewright.evaluate.evaluation import Evaluation, Group, Measured
from slatewright.evaluate.grouping import measured_of
from slatewright.evaluate.judged import Judged, judge
from slatewright.evaluate.judging import summarise
from slatewright.evaluate.lists import Recommender
from slatewright.evaluate.questions import QUESTIONS, Question
from slatewright.evaluate.segments import NO_SEGMENTS, By
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.metrics.ranking import PerUser
from slatewright.models import Estimator
from slatewright.pipeline.learning import Progress, silent

Fitting: TypeAlias = Callable[[Fold], Mapping[str, Recommender]]
_WORST = ("failed", "allowed", "warned", "passed")


@dataclass(frozen=True)
class Part:
    """What one fold adds: its own evaluation, and for each question its users and their numbers."""

    evaluation: Evaluation
    users: Mapping[str, pl.Series]
    values: Mapping[str, Mapping[str, Mapping[str, PerUser]]]  # question, recommender, metric


def evaluate_folds(
    what: Mapping[str, Estimator] | Fitting,
    folds: Iterable[Fold],
    *,
    k: int = 20,
    questions: Sequence[Question] = QUESTIONS,
    bootstrap: Bootstrap | None = None,
    by: By = NO_SEGMENTS,
    progress: Progress = silent,
) -> Evaluation:
    """Fit and judge on each fold, one in memory at a time; ``what`` are estimators, or fits recommenders to a fold.

    One value per user, the mean over the folds that asked for the user, and intervals over users: windows of the same
    users are not taken for independent. Numbers over all lists (coverage) are the mean of the folds, their intervals
    from the mean of the low ends to the mean of the high ends. ``Evaluation.folds`` has every fold by itself, with its
    breakdowns.

    Raises:
        Leak: a fold leaks, see ``evaluate``.
        BadInput: there are no folds, or as ``evaluate``.
    """
    return summarise_folds(
        judge_folds(what, folds, k=k, progress=progress), questions=questions, bootstrap=bootstrap, by=by
    )


def judge_folds(
    what: Mapping[str, Estimator] | Fitting, folds: Iterable[Fold], *, k: int = 20, progress: Progress = silent
) -> Iterator[Judged]:
    """Fit and judge on each fold, when it is asked for; nothing is summed up.

    Raises:
        Leak: a fold leaks, see ``evaluate``.
        BadInput: as ``judge``.
    """
    for number, fold in enumerate(folds, start=1):
        Audit(fold.allowed, fold.transforms).check(fold, {}, k)  # before anything is fitted for nothing
        recommenders = what(fold) if callable(what) else {name: one.fit(fold.train) for name, one in what.items()}
        yield judge(recommenders, fold, k=k, progress=_told(progress, number))


def summarise_folds(
    folds: Iterable[Judged],
    *,
    questions: Sequence[Question] = QUESTIONS,
    bootstrap: Bootstrap | None = None,
    by: By = NO_SEGMENTS,
) -> Evaluation:
    """Sum up what was judged on every fold, one after the other, as one evaluation; see ``evaluate_folds``.

    Raises:
        BadInput: there are no folds, or there is no fact of that name to tell segments apart by.
    """
    bootstrap = bootstrap or Bootstrap()
    parts = [
        _part(judged, questions, summarise(judged, questions=questions, bootstrap=bootstrap, by=by)) for judged in folds
    ]
    if not parts:
        raise BadInput("there is nothing to judge by: the split gives no folds")
    return parts[0].evaluation if len(parts) == 1 else together(parts, bootstrap)


def _told(progress: Progress, number: int) -> Progress:
    """The first fold may be the only one, and is not numbered."""
    return progress if number == 1 else lambda step, done, total: progress(f"fold {number}: {step}", done, total)


def _part(judged: Judged, questions: Sequence[Question], evaluation: Evaluation) -> Part:
    asked = [one for one in map(judged.asked, questions) if one is not None]
    return Part(
        evaluation,
        {one.question.name: one.cases.users for one in asked},
        {one.question.name: {name: judged.per_user(name, one) for name in judged.names} for one in asked},
    )


def together(parts: Sequence[Part], bootstrap: Bootstrap) -> Evaluation:
    """The evaluation of all folds, from what each of them adds."""
    questions = dict.fromkeys(name for part in parts for name in part.users)
    return replace(
        parts[-1].evaluation,
        groups=tuple(_group(question, parts, bootstrap) for question in questions),
        breakdowns=(),
        audit=tuple(_findings([part.evaluation for part in parts])),
        ratings=_ratings([part.evaluation.ratings for part in parts]),
        folds=tuple(part.evaluation for part in parts),
    )


def _ratings(folds: Sequence[Group | None]) -> Group | None:
    """Errors of foretold ratings, the mean of the folds, as papers have it; ends as if the folds erred together."""
    there = [one for one in folds if one is not None]
    if not there:
        return None
    measured = [
        Measured(name, {metric: _mean([fold.of(name).metrics[metric] for fold in there]) for metric in metrics}, {})
        for name, metrics in {one.name: one.metrics for one in there[-1].measured}.items()
    ]
    meaning = f"{there[-1].meaning.rpartition(';')[0]}; the mean of {len(there)} folds."
    return Group(there[-1].name, meaning, max(one.users for one in there), tuple(measured))


def _group(question: str, parts: Sequence[Part], bootstrap: Bootstrap) -> Group:
    here = [part for part in parts if question in part.users]
    users = IdMap.of(pl.concat([part.users[question] for part in here]))
    rows = [users.positions(part.users[question]) for part in here]
    names = dict.fromkeys(name for part in here for name in part.values[question])
    values = {
        name: {
            metric: _mean_of_folds([(row, part.values[question][name]) for row, part in told], metric, len(users))
            for metric in dict.fromkeys(m for _, part in told for m in part.values[question][name])
        }
        for name in names
        if (told := [(row, part) for row, part in zip(rows, here, strict=True) if name in part.values[question]])
    }
    groups = [part.evaluation.group(question) for part in here]
    return Group(question, groups[-1].meaning, len(users), measured_of(values, bootstrap, _others(groups, values)))


def _mean_of_folds(told: Sequence[tuple[np.ndarray, Mapping[str, PerUser]]], metric: str, n: int) -> PerUser:
    """Each user's mean over the folds that say something, float64 (n,); NaN where none does."""
    sums, counts = np.zeros(n), np.zeros(n)
    for rows, values in told:
        if metric in values:
            said = ~np.isnan(values[metric])
            sums[rows[said]] += values[metric][said]  # a user is asked for once in a fold
            counts[rows[said]] += 1
    means: PerUser = np.full(n, np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means


def _others(groups: Sequence[Group], values: Mapping[str, Mapping[str, PerUser]]) -> dict[str, dict[str, Interval]]:
    """What is counted over all lists, the mean of the folds; ends of intervals as if the folds erred together."""
    found: dict[str, dict[str, list[Interval]]] = {}
    for group in groups:
        for one in group.measured:
            for metric, interval in one.metrics.items():
                if metric not in values[one.name]:
                    found.setdefault(one.name, {}).setdefault(metric, []).append(interval)
    return {name: {metric: _mean(each) for metric, each in metrics.items()} for name, metrics in found.items()}


def _mean(intervals: Sequence[Interval]) -> Interval:
    ends = np.mean([(one.value, one.low, one.high) for one in intervals], axis=0)
    return Interval(*map(float, ends))


def _findings(folds: Sequence[Evaluation]) -> Iterator[Finding]:
    """Of each check the worst finding, with the sum of the counts and how many folds end like it."""
    for found in zip(*(fold.audit for fold in folds), strict=True):
        worst = min(found, key=lambda one: _WORST.index(one.outcome))
        like = sum(one.outcome == worst.outcome for one in found)
        where = "in every fold" if like == len(found) else f"in {like} of {len(found)} folds"
        reason = f"{where}, the first of them: {worst.reason}"
        yield replace(worst, reason=reason, count=sum(one.count for one in found))
