import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import ALS, ItemKNN, Popularity, SwitchingBlend
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes

TASTE, NEAR, POPULAR = ALS(embedding_dim=4, epochs=3), ItemKNN(n_neighbors=8), Popularity()


class TestSwitchingBlend(EstimatorKit):
    estimator = SwitchingBlend((POPULAR, NEAR, TASTE), (1, 6))


def test_the_length_of_the_history_says_who_answers() -> None:
    town = dataset_of(two_tastes())
    blend = SwitchingBlend((POPULAR, NEAR, TASTE), (1, 3)).fit(town)
    histories = Histories.of([[], [0], [2, 4], [0, 2, 4], [0, 2, 4, 6]])
    scores = blend.score(histories)
    for rows, estimator in (([0], POPULAR), ([1, 2], NEAR), ([3, 4], TASTE)):
        expected = estimator.fit(town).score(histories.take(np.array(rows, np.int32)))
        np.testing.assert_allclose(scores[rows], expected, rtol=1e-4, atol=1e-6)


def test_what_weighs_nothing_does_not_make_a_history_longer() -> None:
    town = dataset_of(two_tastes())
    blend = SwitchingBlend((POPULAR, NEAR), (2,)).fit(town)
    disliked = Histories.of([[0, 2]], weights=[[1.0, 0.0]])
    np.testing.assert_array_equal(blend.score(disliked), POPULAR.fit(town).score(disliked))


@pytest.mark.parametrize("lengths", [(), (1, 2), (0,), (2.5,), (True,)])
def test_lengths_that_do_not_fit_are_refused(lengths: tuple[int, ...]) -> None:
    with pytest.raises(BadKnob, match=r"SwitchingBlend.lengths must"):
        SwitchingBlend((POPULAR, NEAR), lengths)


def test_lengths_must_rise() -> None:
    with pytest.raises(BadKnob, match="that rise, got"):
        SwitchingBlend((POPULAR, NEAR, TASTE), (5, 5))
