"""Log loss against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import log_loss as theirs

from slatewright.core.errors import BadInput
from slatewright.metrics.probabilities import log_loss


def test_a_coin_costs_ln_two_and_knowing_better_costs_less() -> None:
    assert log_loss(np.array([0.5, 0.5]), np.array([1, 0])) == pytest.approx(np.log(2))
    assert log_loss(np.array([0.9, 0.2]), np.array([1, 0])) < log_loss(np.array([0.8, 0.2]), np.array([1, 0]))
    assert log_loss(np.array([1.0, 0.0]), np.array([True, False])) == pytest.approx(0)


def test_as_scikit_learn_has_it() -> None:
    rng = np.random.default_rng(0)
    chances, happened = rng.random(500), rng.random(500) < 0.4
    assert log_loss(chances, happened) == pytest.approx(theirs(happened, chances))


def test_being_sure_and_wrong_is_dear_but_finite() -> None:
    assert log_loss(np.array([0.0]), np.array([1])) == pytest.approx(-np.log(1e-15))


@pytest.mark.parametrize(
    ("predicted", "happened"),
    [([], []), ([0.5], [1, 0]), ([1.2], [1]), ([-0.1], [0]), ([np.nan], [0]), ([0.5], [2])],
    ids=["none", "uneven", "above", "below", "nan", "outcome"],
)
def test_what_is_no_chance_is_refused(predicted: list[float], happened: list[float]) -> None:
    with pytest.raises(BadInput):
        log_loss(np.array(predicted), np.array(happened))
