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


@dataclass(frozen=True)
class Trees:
    """A ranker that SHAP reads as trees; ``explainer`` is SHAP's reader of it."""

    name: str
    explainer: Any

    def shapley(self, table: FeatureTable) -> Shapley:
        """The SHAP values of every row of a table whose columns are as the ranker reads them.

        Raises:
            BadInput: the ranker gives more than one score a row.
        """
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "LightGBM binary classifier with TreeExplainer", UserWarning)
            values = np.asarray(self.explainer.shap_values(table.values, check_additivity=False), dtype=np.float64)
        base = np.ravel(self.explainer.expected_value)
        if values.ndim == 3:  # one layer a class; of two classes the second says all
            values = values[:, :, -1] if values.shape[2] <= 2 else values
        if values.shape != table.values.shape:
            raise BadInput(f"{self.name} gives {len(base)} scores a row; explain one that gives one")
        return Shapley(values, float(base[-1]))


def trees_of(ranker: Any) -> Trees | None:
    """The trees of a fitted ranker; None where SHAP finds none.

    Raises:
        BadInput: it has trees, or will have, but is not fitted.
        MissingExtra: shap is not installed.
    """
    shap = shap_for("SHAP values of a tree ranker")
    try:
        return Trees(name_of(ranker), shap.TreeExplainer(ranker))
    except shap.utils._exceptions.InvalidModelError:
        return None
    except AttributeError as error:  # scikit-learn's NotFittedError is one
        raise BadInput(f"{name_of(ranker)} must be fitted before it can be explained: {error}") from error


def shap_for(why: str) -> ModuleType:
    """The library shap; ``why`` it is wanted, where it is not installed."""
    with warnings.catch_warnings():  # shap 0.51 colours its plots in a way that matplotlib will give up one day
        warnings.filterwarnings("ignore", r"The set_\w+ function will be deprecated", PendingDeprecationWarning)
        return require("shap", extra="explain", why=why)
