"""RP3beta: the kit, and a hand calculation of the walk."""

import numpy as np

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import RP3beta
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes


class TestRP3beta(EstimatorKit):
    estimator = RP3beta()


class TestRP3betaOfLate(EstimatorKit):
    estimator = RP3beta(n_neighbors=4, step_exponent=1.3, half_life_days=10, history_half_life_days=5)


def test_the_chances_of_a_walk_by_hand() -> None:
    dataset = dataset_of(two_tastes())
    model = RP3beta(n_neighbors=1000, step_exponent=0.8, popularity_discount=0.3).fit(dataset)
    taken = dataset.matrix().toarray().astype(np.float64)
    to_items = (taken / taken.sum(axis=1, keepdims=True)) ** 0.8
    to_users = (taken / taken.sum(axis=0)).T ** 0.8
    walks = to_users @ to_items * (taken > 0).sum(axis=0) ** -0.3
    np.fill_diagonal(walks, 0)
    found = model.score(Histories.of([[item] for item in range(dataset.n_items)]))
    np.testing.assert_allclose(found, walks, rtol=1e-4)
