"""What a search makes large or small: the mean of a metric over the validation users, or a number of all lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.data.splits import Cases, Fold
from slatewright.evaluate.baseline import popularity
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.judged import Asked, Judged
from slatewright.evaluate.lists import lists_of
from slatewright.evaluate.per_user import BEYOND
from slatewright.evaluate.questions import EVERYONE, QUESTIONS, Question
from slatewright.evaluate.rated import rated
from slatewright.evaluate.ratings import rating_errors
from slatewright.evaluate.tuning.search import Search
from slatewright.metrics.ranking import METRICS, coverage
from slatewright.metrics.registry import MEANINGS
from slatewright.models import Model

RATINGS = ("rmse", "mae", "mse")
COVERAGE, AUC, SURPRISE = "coverage", "auc", "serendipity"
KNOWN = (*METRICS, COVERAGE, AUC, *BEYOND, *RATINGS)
HIGHER, LOWER = "higher", "lower"
NAME = "tuned"


@dataclass(frozen=True, slots=True)
class Objective:
    """A metric by name, and whether more is better."""

    name: str
    higher: bool

    @property
    def title(self) -> str:
        """What it is called before people."""
        return MEANINGS[self.name].title


def objectives_of(names: Sequence[str]) -> tuple[Objective, ...]:
    """Objectives by name, the first one first; ``gini:lower`` says which way is better where that is a matter of taste.

    Raises:
        BadInput: there is no such metric, it is not said which way is better, none is named, one is named twice, or
            errors of ratings stand beside lists.
    """
    found = tuple(map(_objective, names))
    plain = [one.name for one in found]
    if not plain or len(set(plain)) < len(plain):
        raise BadInput(f"objectives must be different ones, at least one, got {', '.join(names) or 'none'}")
    if len({name in RATINGS for name in plain}) > 1:
        raise BadInput(f"errors of ratings and metrics of lists cannot be searched together: {', '.join(names)}")
    return found


def _objective(said: str) -> Objective:
    name, _, way = said.partition(":")
    if name not in KNOWN:
        raise BadInput(f"there is no objective {name!r}; there are {', '.join(KNOWN)}")
    better = way or MEANINGS[name].better
    if better not in (HIGHER, LOWER):
        raise BadInput(f"which {name} is better is a matter of taste: say {name}:{HIGHER} or {name}:{LOWER}")
    return Objective(name, better == HIGHER)


def question_of(name: str) -> Question:
    """A question by its name."""
    return next(one for one in QUESTIONS if one.name == name)


def asked_of(fold: Fold, search: Search, objectives: Sequence[Objective]) -> Cases:
    """The validation cases that trials are judged by: those of the question, or some of them, drawn by the seed.

    Raises:
        BadInput: nobody is in the question, or rated anything.
    """
    if objectives[0].name in RATINGS:
        return raters_of(fold.test)
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


def raters_of(cases: Cases) -> Cases:
    """The cases whose users rated something that training knows; right are the rated items alone.

    Raises:
        BadInput: there are none.
    """
    asked = rated(cases)
    rows = np.flatnonzero(asked.n_relevant())
    if not len(rows):
        raise BadInput("there is nothing to tune by: nobody rated an item that training knows; choose by lists")
    return asked.take(rows)


def values_of(objectives: Sequence[Objective], model: Model, fold: Fold, k: int) -> tuple[float, ...]:
    """The objectives of a model on the cases of a fold, in their order.

    Raises:
        BadInput: an objective is no finite number, or the model does not predict ratings and is asked to.
    """
    names = [one.name for one in objectives]
    found = _of_ratings(model, fold) if names[0] in RATINGS else _of_lists(names, model, fold, k)
    values = tuple(float(found.get(name, np.nan)) for name in names)
    for name, value in zip(names, values, strict=True):
        if not np.isfinite(value):
            raise BadInput(f"{name} cannot be measured here: it is {value}")
    return values


def _of_ratings(model: Model, fold: Fold) -> Mapping[str, float]:
    errors = rating_errors(model, fold.test)
    return {name: getattr(errors, name) for name in RATINGS}


def _of_lists(names: Sequence[str], model: Model, fold: Fold, k: int) -> Mapping[str, float]:
    """The means over users; what costs time is measured only where it is asked for."""
    lists = {NAME: lists_of(model, fold.test, k)}
    if SURPRISE in names:
        lists[BASELINE] = lists_of(popularity(fold.train), fold.test, k)
    judged = Judged(fold, fold.test, k, lists, {NAME: model})
    asked = Asked(EVERYONE, np.arange(len(fold.test)), fold.test)
    shown = coverage(lists[NAME].items, lists[NAME].counts, len(fold.test.items))
    if set(names) <= {*METRICS, COVERAGE}:
        means = judged.values(NAME, asked).mean(axis=0)
        return {**dict(zip(METRICS, means.tolist(), strict=True)), COVERAGE: shown}
    each = judged.per_user(NAME, asked, full_ranking=AUC in names)
    return {**{name: float(np.nanmean(values)) for name, values in each.items()}, COVERAGE: shown}
