"""What a search makes large or small: the mean of a metric over the validation users, or a number of all lists."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.data.splits import Cases, Fold
from slatewright.evaluate.judged import Asked, Judged
from slatewright.evaluate.lists import lists_of
from slatewright.evaluate.questions import EVERYONE, QUESTIONS, Question
from slatewright.evaluate.ratings import rating_errors
from slatewright.evaluate.tuning.search import Search
from slatewright.metrics.ranking import METRICS, coverage
from slatewright.models import Model

RATINGS = ("rmse", "mae", "mse")
NAME = "tuned"


@dataclass(frozen=True, slots=True)
class Objective:
    """A metric by name, and whether more is better."""

    name: str
    higher: bool


def objectives_of(names: Sequence[str]) -> tuple[Objective, ...]:
    """Objectives by name, the first one first.

    Raises:
        BadInput: there is no such metric, none is named, one is named twice, or errors of ratings stand beside lists.
    """
    known = dict.fromkeys((*METRICS, "coverage"), True) | dict.fromkeys(RATINGS, False)
    for name in names:
        if name not in known:
            raise BadInput(f"there is no objective {name!r}; there are {', '.join(known)}")
    if not names or len(set(names)) < len(names):
        raise BadInput(f"objectives must be different ones, at least one, got {', '.join(names) or 'none'}")
    if len({name in RATINGS for name in names}) > 1:
        raise BadInput(f"errors of ratings and metrics of lists cannot be searched together: {', '.join(names)}")
    return tuple(Objective(name, known[name]) for name in names)


def question_of(name: str) -> Question:
    """A question by its name."""
    return next(one for one in QUESTIONS if one.name == name)


def asked_of(fold: Fold, search: Search, objectives: Sequence[Objective]) -> Cases:
    """The validation cases that trials are judged by: those of the question, or some of them, drawn by the seed.

    Raises:
        BadInput: nobody is in the question.
    """
    if objectives[0].name in RATINGS:
        return fold.test.with_answers()
    asked = Judged(fold, fold.test, search.k, {}).asked(question_of(search.question))
    if asked is None:
        raise BadInput(
            f"there is nothing to tune by: the validation part has nobody in {search.question!r}; "
            f"ask another question: {', '.join(repr(one.name) for one in QUESTIONS)}"
        )
    most = search.judged_users
    if most is None or most >= len(asked):
        return asked.cases
    chosen = np.random.default_rng(search.rng).choice(len(asked), most, replace=False)
    return asked.cases.take(np.sort(chosen))


def values_of(objectives: Sequence[Objective], model: Model, fold: Fold, k: int) -> tuple[float, ...]:
    """The objectives of a model on the cases of a fold, in their order.

    Raises:
        BadInput: an objective is no finite number, or the model does not predict ratings and is asked to.
    """
    names = [one.name for one in objectives]
    found = _of_ratings(model, fold) if names[0] in RATINGS else _of_lists(model, fold, k)
    values = tuple(float(found[name]) for name in names)
    for name, value in zip(names, values, strict=True):
        if not np.isfinite(value):
            raise BadInput(f"{name} is {value}")
    return values


def _of_ratings(model: Model, fold: Fold) -> dict[str, float]:
    errors = rating_errors(model, fold.test)
    return {name: getattr(errors, name) for name in RATINGS}


def _of_lists(model: Model, fold: Fold, k: int) -> dict[str, float]:
    lists = lists_of(model, fold.test, k)
    asked = Asked(EVERYONE, np.arange(len(fold.test)), fold.test)
    means = Judged(fold, fold.test, k, {NAME: lists}).values(NAME, asked).mean(axis=0)
    covered = coverage(lists.items, lists.counts, len(fold.test.items))
    return {**dict(zip(METRICS, means.tolist(), strict=True)), "coverage": covered}
