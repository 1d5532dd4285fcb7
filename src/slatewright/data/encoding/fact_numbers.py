"""Numeric facts: missing ones filled, all of them scaled."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from slatewright.core.arrays import Arrays, Frame, Weights

Learned = npt.NDArray[np.float64]
_STRATEGY = {"median": "median", "mean": "mean", "mode": "most_frequent", "constant": "constant"}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was learned of each numeric fact, float64 (facts,): the value for missing ones, and (x - shift) / scale."""

    names: tuple[str, ...]
    fill: Learned
    shift: Learned
    scale: Learned

    def transform(self, facts: Frame) -> Weights:
        """The scaled numbers, float32 (rows, facts)."""
        given = _matrix(facts, self.names)
        filled = np.where(np.isnan(given), self.fill, given)
        return ((filled - self.shift) / self.scale).astype(np.float32)

    def arrays(self) -> Arrays:
        return {"fill": self.fill, "shift": self.shift, "scale": self.scale}


def fit_numbers(seen: Frame, names: tuple[str, ...], missing: str, constant: float, scaling: str) -> Numbers:
    """Learn from the training rows; a fact without any value, or with one value only, becomes 0 when scaled."""
    none = np.zeros(len(names))
    if not names:
        return Numbers(names, none, none, none)
    imputer = SimpleImputer(strategy=_STRATEGY[missing], fill_value=constant, keep_empty_features=True)
    filled = imputer.fit_transform(_matrix(seen, names))
    fill = np.asarray(imputer.statistics_, dtype=np.float64)
    if scaling == "z_score":
        normal = StandardScaler().fit(filled)
        return Numbers(names, fill, normal.mean_, normal.scale_)
    if scaling == "min_max":
        span = MinMaxScaler().fit(filled)
        return Numbers(names, fill, span.data_min_, 1.0 / span.scale_)
    return Numbers(names, fill, none, np.ones(len(names)))


def _matrix(facts: Frame, names: tuple[str, ...]) -> Learned:
    """The facts as float64 (rows, facts); null, NaN and infinity are all missing: NaN."""
    columns = [facts[name].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy() for name in names]
    given = np.column_stack(columns) if columns else np.empty((facts.height, 0))
    return np.where(np.isfinite(given), given, np.nan)
