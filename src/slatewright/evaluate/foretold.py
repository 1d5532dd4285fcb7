"""Ratings that models foretell, beside what people then said."""

from collections.abc import Mapping

import numpy as np

from slatewright.core.arrays import Array
from slatewright.data.splits import Cases
from slatewright.evaluate.evaluation import Group, Measured
from slatewright.evaluate.rated import foretell, rated
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.metrics.ratings import errors
from slatewright.models import Model
from slatewright.models.model import RatingModel

NAME = "ratings foretold"
MEANING = "Items that training knew, each with the last rating that the user gave it; {ratings:,} of them."


def ratings_foretold(models: Mapping[str, Model], cases: Cases, bootstrap: Bootstrap) -> Group | None:
    """RMSE, MAE and MSE of the models that predict ratings; None where there is no such model, or no rating.

    Intervals are over users, as one user's ratings are alike.
    """
    foretelling = {name: model for name, model in models.items() if isinstance(model, RatingModel)}
    if not foretelling:
        return None
    cases = rated(cases)
    if not len(cases.relevant):
        return None
    measured = [Measured(name, _errors(model, cases, bootstrap), {}) for name, model in foretelling.items()]
    users = np.count_nonzero(cases.n_relevant())
    return Group(NAME, MEANING.format(ratings=len(cases.relevant)), int(users), tuple(measured))


def _errors(model: RatingModel, cases: Cases, bootstrap: Bootstrap) -> dict[str, Interval]:
    rows, predicted = foretell(model, cases)
    off = errors(predicted, cases.values)
    users = np.unique(rows, return_inverse=True)[1]
    mse, mae = bootstrap.means(np.stack([_by_user(each, users) for each in (np.square(off), np.abs(off))], axis=1))
    mse = Interval(mse.value, max(0.0, mse.low), mse.high)
    rmse = Interval(*(float(np.sqrt(one)) for one in (mse.value, mse.low, mse.high)))
    return {"rmse": rmse, "mae": mae, "mse": mse}


def _by_user(each: Array, users: Array) -> Array:
    """Numbers of users, float64 (users,), whose mean is that of ``each`` (pairs,), and varies as it does."""
    mean, n_users = each.mean(), int(users.max()) + 1
    return np.asarray(mean + np.bincount(users, each - mean, minlength=n_users) * n_users / len(each))
