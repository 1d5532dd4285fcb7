"""TruncatedSVD: the kit, levels by hand, and made ratings."""

import numpy as np

from slatewright.data.histories import Histories
from slatewright.metrics.ratings import rmse
from slatewright.models import TruncatedSVD
from slatewright.models.ratings.table import Ratings, Scale
from slatewright.testing.estimators import EstimatorKit

from .worlds import rated_world


class TestTruncatedSVD(EstimatorKit):
    estimator = TruncatedSVD(embedding_dim=3)


class TestTruncatedSVDWithoutDoubt(EstimatorKit):
    estimator = TruncatedSVD(embedding_dim=60, shrinkage=0, reg=0.1)


def test_levels_explain_ratings_that_are_sums_of_levels() -> None:
    users, items = np.array([0.5, -0.5, 0.0]), np.array([1.0, -1.0])
    said = (users[:, None] + items).astype(np.float32)
    ratings = Ratings.read(Histories.of([[0, 1]] * 3, values=said.tolist()), 2, Scale(0, 1, -2, 2))
    found = TruncatedSVD(shrinkage=0).levels(ratings)
    np.testing.assert_allclose(found[0][:, None] + found[1], said, atol=1e-5)


def test_directions_tell_more_than_levels() -> None:
    known, asked = rated_world()
    levels = TruncatedSVD(embedding_dim=1, reg=1e6).fit(known)
    model = TruncatedSVD(embedding_dim=2).fit(known)
    errors = [rmse(one.predict(known.histories(), asked.users, asked.items), asked.values) for one in (model, levels)]
    assert errors[0] < 0.7 * errors[1]
