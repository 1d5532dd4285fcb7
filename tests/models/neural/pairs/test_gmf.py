from dataclasses import replace

import numpy as np

from slatewright.data.dataset import dataset_of
from slatewright.models.neural.pairs.gmf import GMF
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes


class TestGMF(EstimatorKit):
    estimator = GMF(embedding_dim=8, epochs=4, batch_size=64, learning_rate=0.02)


def test_it_begins_as_an_inner_product() -> None:
    town = dataset_of(two_tastes())
    begun = replace(TestGMF.estimator, epochs=1, learning_rate=1e-30).fit(town)
    drawn = begun.owners.users[:, :-1] @ begun.item_factors[:, :-1].T
    assert np.abs(drawn).max() < 0.5
    np.testing.assert_allclose(begun.score(town.histories()), drawn, atol=1e-5)
