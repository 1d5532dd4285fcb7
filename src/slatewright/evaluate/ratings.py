"""Judge rating models: how far their predictions are from the ratings that were held back, fold by fold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.data.splits import Cases, Fold
from slatewright.evaluate.audit import Audit
from slatewright.evaluate.rated import foretell, rated
from slatewright.metrics.ratings import mae, mse, rmse
from slatewright.models import Estimator
from slatewright.models.model import RatingModel


@dataclass(frozen=True, slots=True)
class RatingErrors:
    """Of one model on one fold: errors in units of the scale, and how many ``pairs`` were judged.

    ``unknown`` pairs could not be: their items were in no training event.
    """

    rmse: float
    mae: float
    mse: float
    pairs: int
    unknown: int


@dataclass(frozen=True, slots=True)
class RatingEvaluation:
    """One estimator on several folds."""

    name: str
    folds: tuple[RatingErrors, ...]

    @property
    def rmse(self) -> float:
        """The mean over the folds, as papers have it."""
        return float(np.mean([fold.rmse for fold in self.folds]))

    @property
    def mae(self) -> float:
        """The mean over the folds."""
        return float(np.mean([fold.mae for fold in self.folds]))


def rating_errors(model: object, cases: Cases) -> RatingErrors:
    """One model on the right items of some cases that were rated, each with the last rating the user gave it.

    Items that were only viewed or bought say no rating, and are left out.

    Raises:
        BadInput: the model does not predict ratings, or there is no rating to judge it by.
    """
    if not isinstance(model, RatingModel):
        raise BadInput(
            f"a model must have predict to be judged by ratings, got {type(model).__name__}, which ranks only"
        )
    cases = rated(cases)
    _, predicted = foretell(model, cases)
    said = cases.values
    unknown = int(cases.unknown.sum())
    return RatingErrors(rmse(predicted, said), mae(predicted, said), mse(predicted, said), len(said), unknown)


def evaluate_ratings(estimators: Mapping[str, Estimator], folds: Iterable[Fold]) -> tuple[RatingEvaluation, ...]:
    """Fit each estimator on the training part of each fold and judge it by the test part, after an audit of the fold.

    Where time is not kept, a pair that training has too is a leak: what a user said of the item is asked for. In order
    of time, an item that is rated again is asked for as in life.

    Raises:
        Leak: the test part was known to training; the message says why.
        BadInput: an estimator's model does not predict ratings, or a fold holds none.
    """
    found: dict[str, list[RatingErrors]] = {name: [] for name in estimators}
    for fold in folds:
        Audit(fold.allowed, fold.transforms).check(fold, {}, 1, ratings=True)
        for name, estimator in estimators.items():
            found[name].append(rating_errors(estimator.fit(fold.train), fold.test))
    return tuple(RatingEvaluation(name, tuple(errors)) for name, errors in found.items())
