"""User nearest neighbours: the kit, and a calculation with dense matrices."""

import numpy as np
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import UserKNN
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes


class TestUserKNN(EstimatorKit):
    estimator = UserKNN()


class TestUserKNNWithJaccard(EstimatorKit):
    estimator = UserKNN(similarity="jaccard", n_neighbors=3, half_life_days=20, asymmetry=0.5)


class TestUserKNNWithPearson(EstimatorKit):
    estimator = UserKNN(
        similarity="pearson", history_half_life_days=5, longest_history=4, longest_audience=7, shrinkage=0
    )


@pytest.mark.parametrize("n_neighbors", [3, 1000])
def test_votes_by_dense_matrices(n_neighbors: int) -> None:
    dataset = dataset_of(two_tastes())
    knobs = UserKNN(n_neighbors=n_neighbors, popularity_discount=0.4, score_discount=0.3, asymmetry=-0.5, shrinkage=0)
    taken = dataset.matrix().toarray().astype(np.float64)
    audience = (taken > 0).sum(axis=0)
    vectors = taken * audience**-0.4
    asked = np.zeros(dataset.n_items)
    asked[[0, 2, 5]] = audience[[0, 2, 5]] ** -0.4
    lengths = np.linalg.norm(vectors, axis=1)
    likeness = vectors @ asked / lengths / np.linalg.norm(asked)
    skewed = likeness * (taken > 0).sum(axis=1) ** -0.25
    skewed[np.argsort(-skewed, kind="stable")[n_neighbors:]] = 0
    wanted = skewed @ taken * audience**-0.3
    found = knobs.fit(dataset).score(Histories.of([[0, 2, 5]]))[0]
    np.testing.assert_allclose(found / found.max(), wanted / wanted.max(), rtol=1e-4)


def test_an_answer_looks_at_a_bounded_audience() -> None:
    dataset = dataset_of(two_tastes())
    bounded = UserKNN(longest_audience=3).fit(dataset)
    assert np.diff(bounded.item_offsets).max() == 3
    every = UserKNN(longest_audience=None).fit(dataset)
    default = UserKNN().fit(dataset)
    asked = Histories.of([[0, 2, 5]])
    np.testing.assert_array_equal(every.score(asked), default.score(asked))
    assert np.count_nonzero(bounded.score(asked)) > 0
    assert len(bounded.neighbors_of(asked)[0]) <= 9 < len(every.neighbors_of(asked)[0])
