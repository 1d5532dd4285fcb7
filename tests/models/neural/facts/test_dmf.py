"""Deep matrix factorisation: the kit, and a town of two tastes told apart."""

import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import DMF
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes

QUICK = DMF(
    embedding_dim=8, layers=(8,), epochs=2, batch_size=64, n_candidates=8, longest_history=8, longest_audience=8
)


class TestDMF(EstimatorKit):
    estimator = QUICK


def test_somebody_new_is_known_by_the_history() -> None:
    town = dataset_of(two_tastes())
    model = DMF(embedding_dim=16, layers=(16,), epochs=30, batch_size=128, n_candidates=16, learning_rate=0.01).fit(
        town
    )
    items = model.best(Histories.of([[0, 2, 4, 6], [1, 3, 5]]), 5).items
    assert (items[0] % 2 == 0).all()
    assert (items[1] % 2 == 1).all()
    lengths = np.linalg.norm(model.user_factors(Histories.of([[0, 2]]))[:, :-1], axis=1)
    np.testing.assert_allclose(lengths, 1, rtol=1e-5)


def test_towers_without_a_layer_are_refused() -> None:
    with pytest.raises(BadKnob, match=r"DMF\.layers must be widths >= 1, one or more, got \(\)"):
        DMF(layers=())
