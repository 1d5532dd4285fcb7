"""PureSVD: the kit, and SciPy's own decomposition."""

import numpy as np
from scipy import linalg

from slatewright.data.dataset import dataset_of
from slatewright.models import PureSVD
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import checkerboard


class TestPureSVD(EstimatorKit):
    estimator = PureSVD(embedding_dim=3)


class TestPureSVDBeyondTheRank(EstimatorKit):
    estimator = PureSVD(embedding_dim=500)


def test_scores_are_the_truncated_decomposition_of_scipy() -> None:
    dataset = dataset_of(checkerboard(20))
    dense = dataset.matrix().toarray().astype(np.float64)
    left, values, right = linalg.svd(dense, full_matrices=False)
    expected = (left[:, :2] * values[:2]) @ right[:2]
    model = PureSVD(embedding_dim=2).fit(dataset)
    np.testing.assert_allclose(model.score(dataset.histories()), expected, atol=1e-4)
    np.testing.assert_allclose(model.strengths, values[:2], rtol=1e-5)


def test_reasons_sum_to_the_score() -> None:
    dataset = dataset_of(checkerboard(20))
    model = PureSVD(embedding_dim=4).fit(dataset)
    history = dataset.histories().one(3)
    np.testing.assert_allclose(model.reasons(history, 5).sum(), model.score(history)[0, 5], atol=1e-5)
