"""Learning curves: how well a model does on what it learned and on what it did not, as a knob turns or data grows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from slatewright.core.arrays import Mask
from slatewright.core.errors import BadInput, BadKnob
from slatewright.core.knobs import KnobField, knobs_of
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.data.splits import Fold
from slatewright.evaluate.diagnosis.scoring import Scoring, scoring_of
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.models import Estimator
from slatewright.pipeline.learning import Progress, silent

DATA = "data"
SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)
MOST_POINTS = 7


@dataclass(frozen=True, slots=True)
class Point:
    """One fit: ``value`` of the knob (or share of the users), the metric on ``learned`` and on ``unseen`` events.

    ``lead``: by how much ``unseen`` is better than at the point before, paired over users; above 0 is better, whatever
    the metric. None for the first point.
    """

    value: float
    learned: Interval
    unseen: Interval
    lead: Interval | None


@dataclass(frozen=True)
class Curve:
    """Points in order of the knob; ``best`` is the place of the best on unseen events; ``behind`` tells by how much
    each point is worse than it, paired over ``users``; ``at`` is where the estimator stands, ``knobs`` what it has."""

    estimator: str
    knobs: tuple[str, ...]
    over: str
    metric: str
    higher_is_better: bool
    users: int
    points: tuple[Point, ...]
    best: int
    behind: tuple[Interval, ...]
    at: float

    @property
    def standing(self) -> int:
        """The place of the point at which the estimator stands, or that is nearest to it."""
        return min(range(len(self.points)), key=lambda place: abs(self.points[place].value - self.at))


def learning_curve(
    estimator: Estimator,
    fold: Fold,
    *,
    over: str = "epochs",
    values: Sequence[float] = (),
    scoring: Scoring | None = None,
    rng: int = 0,
    progress: Progress = silent,
) -> Curve:
    """Fit again and again, as one knob turns or as the training part grows (``over="data"``: shares of its users).

    Give it ``fold.validation``, not the test part: a curve is looked at to choose. Without ``values``, seven of the
    knob's range, in equal ratios, and where it stands now. ``scoring`` (default: NDCG of lists, or RMSE where the model
    predicts ratings) says what is measured on at most 2,000 users.

    Raises:
        BadKnob: the estimator has no such knob, or no number can be read from it.
        BadInput: there is nothing to judge by.
    """
    settings = settings_of(estimator, over, values)
    learned, unseen = [], []
    for done, value in enumerate(settings):
        progress(f"fit with {over} {value:g}", done, len(settings))
        chosen = _chosen(fold.train, over, value, rng)
        model = _turned(estimator, over, value).fit(_shrunk(fold.train, chosen))
        scoring = scoring or scoring_of(model, fold, rng=rng)
        learned.append(np.where(chosen[scoring.learners], scoring.learned(model), np.nan))
        unseen.append(scoring.unseen(model))
    progress("learning curve", len(settings), len(settings))
    if scoring is None:
        raise BadInput("a learning curve needs values to fit with, got none")
    return _curve(estimator, over, settings, scoring, np.stack(learned, axis=1), np.stack(unseen, axis=1))


def values_of(field: KnobField, standing: float) -> tuple[float, ...]:
    """Where to look at a knob: in equal ratios through its range, and where it stands; whole where it is whole."""
    if field.knob.search is None:
        raise BadKnob(f"{field.name} has no range to draw a curve over: give values")
    low, high = field.knob.search
    spread = np.geomspace(low, high, MOST_POINTS) if low > 0 else np.linspace(low, high, MOST_POINTS)
    found = {*(float(f"{one:.2g}") for one in spread), float(standing)}
    whole = field.type is int
    return tuple(sorted({float(round(one)) if whole else one for one in found}))


def _knobs(estimator: Estimator) -> tuple[KnobField, ...]:
    return knobs_of(cast(Any, type(estimator)))


def settings_of(estimator: Estimator, over: str, values: Sequence[float] = ()) -> tuple[float, ...]:
    """Where a curve is looked at: the ``values``, or what ``learning_curve`` chooses without any.

    Raises:
        BadKnob: as ``learning_curve``.
    """
    if over == DATA:
        wrong = [one for one in values if not 0 < one <= 1]
        if wrong:
            raise BadKnob(f"shares of the data must be above 0 and at most 1, got {wrong[0]!r}")
        return tuple(sorted(set(values))) or SHARES
    field = next((one for one in _knobs(estimator) if one.name == over), None)
    if field is None:
        known = ", ".join(one.name for one in _knobs(estimator))
        raise BadKnob(f"{type(estimator).__name__} has no knob {over!r}; it has {known}")
    standing = getattr(estimator, over)
    if not isinstance(standing, int | float) or isinstance(standing, bool):
        raise BadKnob(f"a curve needs a number to turn, {type(estimator).__name__}.{over} is {standing!r}")
    return tuple(sorted({float(one) for one in values})) or values_of(field, float(standing))


def _turned(estimator: Estimator, over: str, value: float) -> Estimator:
    if over == DATA:
        return estimator
    field = next(one for one in _knobs(estimator) if one.name == over)
    return cast(Estimator, replace(cast(Any, estimator), **{over: int(value) if field.type is int else value}))


def _chosen(train: Dataset, over: str, value: float, rng: int) -> Mask:
    """The users that a point learns from, bool (n_users,): a share of them where the data grows, else all."""
    return generator(rng).random(train.n_users) < (value if over == DATA else 1.0)


def _shrunk(train: Dataset, chosen: Mask) -> Dataset:
    """The events of some users; the maps stay whole, so that all fits know the same items."""
    if chosen.all():
        return train
    return replace(train, interactions=train.interactions.take(chosen[train.interactions.user]))


def _curve(
    estimator: Estimator, over: str, settings: Sequence[float], scoring: Scoring, learned: Any, unseen: Any
) -> Curve:
    """From values float64 (users, points); NaN in ``learned`` where a point did not learn from a user."""
    sign = 1.0 if scoring.higher_is_better else -1.0
    best = int(np.argmax(sign * unseen.mean(axis=0)))
    bootstrap = Bootstrap()
    leads = bootstrap.means(sign * np.diff(unseen, axis=1)) if len(settings) > 1 else []
    behind = bootstrap.means(sign * (unseen[:, [best]] - unseen))
    points = [
        Point(value, one, other, lead)
        for value, one, other, lead in zip(
            settings, bootstrap.means(learned), bootstrap.means(unseen), [None, *leads], strict=True
        )
    ]
    names = tuple(one.name for one in _knobs(estimator))
    at = 1.0 if over == DATA else float(getattr(estimator, over))
    return Curve(
        type(estimator).__name__,
        names,
        over,
        scoring.metric,
        scoring.higher_is_better,
        len(unseen),
        tuple(points),
        best,
        tuple(behind),
        at,
    )
