"""Diagnose an estimator: fit it, turn its knobs, and look for whom and for what it fails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.core.knobs import knobs_of
from slatewright.data.splits import Cases, Fold
from slatewright.evaluate.audit import Audit
from slatewright.evaluate.diagnosis.curves import DATA, learning_curve, settings_of
from slatewright.evaluate.diagnosis.diagnosis import Diagnosis, RatingsDiagnosis, Reading
from slatewright.evaluate.diagnosis.imbalance import imbalance_of
from slatewright.evaluate.diagnosis.labels import item_labels, months, pair_labels, user_labels
from slatewright.evaluate.diagnosis.residuals import biases, residuals_of
from slatewright.evaluate.diagnosis.scoring import scoring_of
from slatewright.evaluate.diagnosis.shortfalls import item_shortfalls, user_shortfalls
from slatewright.evaluate.diagnosis.trends import trends_of
from slatewright.evaluate.diagnosis.verdict import FREEDOM, verdict_of
from slatewright.evaluate.items_known import ItemsKnown
from slatewright.evaluate.judged import judge
from slatewright.evaluate.questions import QUESTIONS
from slatewright.evaluate.rated import rated
from slatewright.evaluate.segments import NO_SEGMENTS, By
from slatewright.metrics.ranking import METRICS
from slatewright.models import Estimator
from slatewright.models.model import Model, RatingModel
from slatewright.pipeline.learning import Progress, silent

MOST_KNOBS = 3  # curves that are drawn where none is named, beside that of the data
MONTH = "month"


@dataclass(frozen=True)
class Diagnosing:
    """What to look at: knobs to turn ``over`` and "data" (none: ``usual_knobs``), groups ``by`` facts (none: all of
    them), and residuals (None: where the model predicts ratings and there are some).
    """

    over: tuple[str, ...] = ()
    k: int = 20
    by: By = NO_SEGMENTS
    residuals: bool | None = None
    rng: int = 0


def diagnose(
    name: str, estimator: Estimator, fold: Fold, *, how: Diagnosing | None = None, progress: Progress = silent
) -> Diagnosis:
    """Say how a model stands to its data, whom it fails, and which knob to turn.

    Give it ``fold.validation``: what is looked at to choose is used up.

    Raises:
        Leak: the test part was known to training; the message says why.
        BadInput: no test user has a right item, there is no fact of ``by``, residuals are asked of a model that
            predicts no ratings, or the fold has sampled negatives.
        BadKnob: there is no such knob, or no number can be read from it.
    """
    how = how or Diagnosing()
    _check(fold, how.k)
    over = tuple(dict.fromkeys(how.over)) or usual_knobs(estimator)
    steps = 2 + sum(len(settings_of(estimator, one)) for one in over)  # a knob that is none is told before any fit
    progress(f"fit {name}", 0, steps)
    model = estimator.fit(fold.train)
    ratings = _ratings(model, fold, how)
    progress("look at groups", 1, steps)
    judged = judge({name: model}, fold, k=how.k)
    asked = next(found for found in map(judged.asked, QUESTIONS) if found is not None)  # somebody has a right item
    readings = tuple(_readings(estimator, model, fold, over, how, _told(progress, steps)))
    progress("diagnosis", steps, steps)
    return Diagnosis(
        name=name,
        estimator=type(estimator).__name__,
        as_of=fold.train.as_of,
        protocol=fold.protocol,
        data=fold.train.version,
        k=how.k,
        question=asked.question.name,
        users=len(asked),
        ndcg=float(judged.values(name, asked)[:, list(METRICS).index("ndcg")].mean()),
        readings=readings,
        user_groups=user_shortfalls(judged, name, asked, by=how.by),
        item_groups=item_shortfalls(judged, name, asked, by=how.by),
        ratings=ratings,
        imbalance=imbalance_of(fold.train),
    )


def _check(fold: Fold, k: int) -> None:
    """What would stop it later, before anything is fitted for nothing."""
    cases = fold.test.with_answers()
    if not len(cases):
        raise BadInput("there is nothing to judge by: no test user has a right item")
    if cases.pools is not None:
        raise BadInput("a diagnosis ranks every item: leave the sampled negatives out")
    Audit(fold.allowed, fold.transforms).check(replace(fold, test=cases), {}, k)


def usual_knobs(estimator: Estimator) -> tuple[str, ...]:
    """The knobs over which curves are drawn unless some are named: those that say how much is learned by heart, and
    data."""
    known = {field.name for field in knobs_of(type(estimator)) if field.knob.search is not None}
    turned = [one for one in FREEDOM if one in known and _number(getattr(estimator, one))]
    return (*turned[:MOST_KNOBS], DATA)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _told(progress: Progress, steps: int) -> Progress:
    """The progress of many curves as one; each fit that begins is a step."""
    done = iter(range(2, steps))

    def told(step: str, at: int, total: int) -> None:
        if at < total:
            progress(step, next(done), steps)

    return told


def _readings(
    estimator: Estimator, model: Model, fold: Fold, over: Sequence[str], how: Diagnosing, progress: Progress
) -> Iterator[Reading]:
    scoring = scoring_of(model, fold, k=how.k, rng=how.rng)
    for one in over:
        curve = learning_curve(estimator, fold, over=one, scoring=scoring, rng=how.rng, progress=progress)
        yield Reading(curve, verdict_of(curve))


def _ratings(model: Model, fold: Fold, how: Diagnosing) -> RatingsDiagnosis | None:
    """Where they are asked for, or can be had."""
    cases = rated(fold.test)
    possible = isinstance(model, RatingModel) and cases.n_relevant().any()
    if how.residuals is False or (how.residuals is None and not possible):
        return None
    return diagnose_ratings(model, cases, ItemsKnown(fold.train), how.by)


def diagnose_ratings(model: Model, cases: Cases, items: ItemsKnown, by: By = NO_SEGMENTS) -> RatingsDiagnosis:
    """Say how far the predicted ratings of ``rated`` cases are off, for which groups, and along what.

    Raises:
        BadInput: the model predicts no ratings, there is none to judge it by, or there is no fact of ``by``.
    """
    found = residuals_of(model, cases)
    labels = pair_labels(user_labels(cases, by.users), item_labels(items, by.items), found.case, found.item)
    if by == NO_SEGMENTS:
        labels = labels.with_columns(months(found.times).alias(MONTH))
    rmse = float(np.sqrt(np.square(found.residual).mean()))
    mean, off = float(found.residual.mean()), biases(found, labels)
    return RatingsDiagnosis(len(found), rmse, mean, off, trends_of(found, cases, items.train))
