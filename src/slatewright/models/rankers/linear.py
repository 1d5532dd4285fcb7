"""A weighted sum of features: the ranker for shops with little to learn from."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

import lazy_loader
import numpy as np

from slatewright.core.arrays import Array, Arrays, Scores
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.models.rankers.contracts import RankingTable

sklearn = lazy_loader.load("sklearn")


@dataclass(frozen=True)
class Linear:
    """``weights`` float64 (features,) of features less ``means`` float64 (features,), and ``base`` float64 (1,).

    Where nothing is known a feature counts as its mean: it says nothing.
    """

    weights: Array
    means: Array
    base: Array
    kind: ClassVar[str] = "linear"

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """The weights again, from arrays that may be memory-mapped."""
        return cls(arrays["weights"], arrays["means"], arrays["base"])

    def arrays(self) -> Arrays:
        """The numbers."""
        return {"weights": self.weights, "means": self.means, "base": self.base}

    def mark(self, values: Scores) -> Array:
        """The weighted sum, float64 (rows,).

        Raises:
            BadInput: there are other than the features that the weights were learned for.
        """
        return np.asarray(self._centred(values) @ self.weights + self.base[0])

    def parts(self, values: Scores) -> Array:
        """What each feature adds, and the base, float64 (rows, features + 1)."""
        base = np.full((len(values), 1), self.base[0])
        return np.concatenate([self._centred(values) * self.weights, base], axis=1)

    def _centred(self, values: Scores) -> Array:
        if values.ndim != 2 or values.shape[1] != len(self.weights):
            raise BadInput(f"the weights were learned for {len(self.weights)} features, got an array {values.shape}")
        return np.nan_to_num(values.astype(np.float64) - self.means, nan=0.0)


@dataclass(frozen=True)
class LinearRanker:
    """Learn the weights of a sum by logistic regression: the chance of each candidate by itself."""

    reg: Annotated[float, Knob("strength of the regularisation", above=0, search=(0.1, 100))] = 1.0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, table: RankingTable) -> Linear:
        """Learn from the questions that hold something right and something else.

        Raises:
            BadInput: there are none.
        """
        taught = table.teaching()
        if len(taught) == 0:
            raise BadInput("a ranker must have questions with something taken and something not, got none")
        values = taught.values.astype(np.float64)
        known = np.isfinite(values)
        counts = np.maximum(known.sum(axis=0), 1)
        means = np.where(known, values, 0.0).sum(axis=0) / counts
        centred = np.where(known, values - means, 0.0)
        spread = np.sqrt(np.square(centred).mean(axis=0))
        spread[spread < 1e-12] = np.inf  # what never changes says nothing
        fitted = sklearn.linear_model.LogisticRegression(C=1 / self.reg, max_iter=1000)
        fitted.fit(centred / spread, taught.taken, sample_weight=taught.weights)
        return Linear(fitted.coef_[0] / spread, means, fitted.intercept_)
