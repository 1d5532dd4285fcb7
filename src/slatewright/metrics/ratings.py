"""Metrics of predicted ratings: how far the prediction is from what was said, in units of the scale."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput

PerPair: TypeAlias = npt.NDArray[np.float64]
RatingMetric: TypeAlias = Callable[[Array, Array], float]


def errors(predicted: Array, said: Array) -> PerPair:
    """Prediction minus rating, float64 (pairs,).

    Raises:
        BadInput: nothing to judge, different lengths, or a number that is not finite.
    """
    if len(predicted) != len(said) or len(said) == 0:
        raise BadInput(f"predictions and ratings must be equally many, and some; got {len(predicted)} and {len(said)}")
    difference = np.asarray(predicted, dtype=np.float64) - np.asarray(said, dtype=np.float64)
    if wrong := int((~np.isfinite(difference)).sum()):
        raise BadInput(f"predictions and ratings must be finite, got {wrong} of {len(said)} that are not")
    return difference


def mse(predicted: Array, said: Array) -> float:
    """Mean squared error."""
    return float(np.square(errors(predicted, said)).mean())


def rmse(predicted: Array, said: Array) -> float:
    """Root of the mean squared error; large errors count more."""
    return float(np.sqrt(mse(predicted, said)))


def mae(predicted: Array, said: Array) -> float:
    """Mean absolute error; every point of error counts the same."""
    return float(np.abs(errors(predicted, said)).mean())


RATING_METRICS: Mapping[str, RatingMetric] = {"rmse": rmse, "mae": mae, "mse": mse}
