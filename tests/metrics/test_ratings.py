"""Rating metrics against hand calculations and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, mean_squared_error

from slatewright.core.errors import BadInput
from slatewright.metrics.ratings import RATING_METRICS, RatingMetric, mae, mse, rmse


def test_by_hand() -> None:
    predicted, said = np.array([4.0, 2.0, 5.0]), np.array([5.0, 2.0, 3.0])  # errors -1, 0, 2
    assert mse(predicted, said) == pytest.approx(5 / 3)
    assert rmse(predicted, said) == pytest.approx((5 / 3) ** 0.5)
    assert mae(predicted, said) == pytest.approx(1.0)


def test_as_scikit_learn_has_them() -> None:
    rng = np.random.default_rng(0)
    predicted, said = rng.uniform(1, 5, 500).astype(np.float32), rng.integers(1, 6, 500)
    assert RATING_METRICS["mse"](predicted, said) == pytest.approx(mean_squared_error(said, predicted), rel=1e-6)
    assert RATING_METRICS["mae"](predicted, said) == pytest.approx(mean_absolute_error(said, predicted), rel=1e-6)


@pytest.mark.parametrize("metric", RATING_METRICS.values(), ids=RATING_METRICS)
def test_a_perfect_prediction_has_no_error_and_any_other_has(metric: RatingMetric) -> None:
    said = np.array([1.0, 5.0])
    assert metric(said, said) == 0
    assert metric(said + 0.5, said) > 0


@pytest.mark.parametrize(
    ("predicted", "said"), [([], []), ([1.0], [1.0, 2.0]), ([np.nan], [1.0])], ids=["none", "uneven", "nan"]
)
def test_what_cannot_be_judged_is_refused(predicted: list[float], said: list[float]) -> None:
    with pytest.raises(BadInput):
        rmse(np.array(predicted), np.array(said))
