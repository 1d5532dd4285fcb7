"""SHAP values of trees: what each feature adds to a raw score, exactly, by the paths that rows take.

Lundberg and others: From local explanations to global understanding with explainable AI for trees, Nature Machine
Intelligence 2020.
"""

import warnings
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput
from slatewright.core.extras import require
from slatewright.explain.feature_table import FeatureTable
from slatewright.explain.rankers import name_of


@dataclass(frozen=True)
class Shapley:
    """``values`` float64 (rows, features); with ``base``, the mean over the training rows, a row's sum is its score."""

    values: Array
    base: float


def is_of_trees(ranker: Any) -> bool:
    """Whether SHAP can read a ranker as trees.

    Raises:
        BadInput: it could, were it fitted.
        MissingExtra: shap is not installed.
    """
    return _explainer(ranker) is not None


def shapley(ranker: Any, table: FeatureTable) -> Shapley:
    """The SHAP values of every row of a table whose columns are as the ranker reads them.

    Raises:
        BadInput: it has no trees, is not fitted, or gives more than one score a row.
        MissingExtra: shap is not installed.
    """
    explainer = _explainer(ranker)
    if explainer is None:
        raise BadInput(f"method='shap' reads trees, and {name_of(ranker)} has none; use method='lime'")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "LightGBM binary classifier with TreeExplainer", UserWarning)
        values = np.asarray(explainer.shap_values(table.values, check_additivity=False), dtype=np.float64)
    base = np.ravel(explainer.expected_value)
    if values.ndim == 3:  # one layer a class; of two classes the second says all
        values = values[:, :, -1] if values.shape[2] <= 2 else values
    if values.shape != table.values.shape:
        raise BadInput(f"{name_of(ranker)} gives {len(base)} scores a row; explain one that gives one")
    return Shapley(values, float(base[-1]))


def _explainer(ranker: Any) -> Any:
    """SHAP's reader of trees; None where it finds none."""
    shap = _shap()
    errors = require("sklearn.exceptions", extra="explain", why="SHAP values of trees")
    try:
        return shap.TreeExplainer(ranker)
    except shap.utils._exceptions.InvalidModelError:
        return None
    except (errors.NotFittedError, AttributeError) as error:
        raise BadInput(f"{name_of(ranker)} must be fitted before it can be explained: {error}") from error


def _shap() -> ModuleType:
    with warnings.catch_warnings():  # shap 0.51 colours its plots in a way that matplotlib will give up one day
        warnings.filterwarnings("ignore", r"The set_\w+ function will be deprecated", PendingDeprecationWarning)
        return require("shap", extra="explain", why="SHAP values of a tree ranker")
