"""Rankers from outside: whatever gives a number for each row of features."""

import sys
import warnings
from collections.abc import Callable
from typing import Any, TypeAlias, cast

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput

Scoring: TypeAlias = Callable[[Array], Array]


def scoring_of(ranker: Any) -> Scoring:
    """The raw score of each row, before any link: float64 (rows,) from float64 (rows, features).

    Raises:
        BadInput: the ranker is neither fitted nor callable, or does not give one finite number a row.
    """
    ask = _way_to_ask(ranker)

    def score(values: Array) -> Array:
        with warnings.catch_warnings():  # fitted on a frame, asked with a matrix whose columns are in its order
            warnings.filterwarnings("ignore", "X does not have valid feature names", UserWarning)
            found = np.asarray(ask(values), dtype=np.float64)
        if found.size != len(values) or not np.isfinite(found).all():
            raise BadInput(
                f"{name_of(ranker)} must give one finite number for each of {len(values)} rows, got an array "
                f"{found.shape}" + ("" if np.isfinite(found).all() else " with numbers that are not finite")
            )
        return found.ravel()

    return score


def name_of(ranker: Any) -> str:
    """What people call it: the name of a function, else of a class."""
    return str(getattr(ranker, "__name__", type(ranker).__name__))


def _way_to_ask(ranker: Any) -> Scoring:
    house = type(ranker).__module__.partition(".")[0]
    if house == "lightgbm":
        return lambda values: ranker.predict(values, raw_score=True)
    if house == "xgboost":
        matrix = sys.modules["xgboost"].DMatrix if type(ranker).__name__ == "Booster" else np.asarray
        return lambda values: ranker.predict(matrix(values), output_margin=True)
    if hasattr(ranker, "predict_proba") and not hasattr(ranker, "decision_function"):
        return lambda values: _of_the_last_class(ranker.predict_proba(values))
    for way in ("decision_function", "predict", "__call__"):
        if hasattr(ranker, way):
            return cast(Scoring, getattr(ranker, way))
    raise BadInput(f"a ranker must have predict or be callable, got {name_of(ranker)}")


def _of_the_last_class(chances: Array) -> Array:
    return chances[:, -1] if chances.shape[1] <= 2 else chances
