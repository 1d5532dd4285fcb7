"""Numeric facts: missing ones filled, all of them scaled."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from slatewright.core.arrays import Arrays, Frame, Weights

Learned = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was learned of each numeric fact, float64 (facts,): the value for missing ones, and (x - shift) / scale."""

    names: tuple[str, ...]
    fill: Learned
    shift: Learned
    scale: Learned

    def transform(self, facts: Frame) -> Weights:
        """The scaled numbers, float32 (rows, facts)."""
        given = matrix_of(facts, self.names)
        filled = np.where(np.isnan(given), self.fill, given)
        return ((filled - self.shift) / self.scale).astype(np.float32)

    def arrays(self) -> Arrays:
        return {"fill": self.fill, "shift": self.shift, "scale": self.scale}


def matrix_of(facts: Frame, names: tuple[str, ...]) -> Learned:
    """The facts as float64 (rows, facts); null, NaN and infinity are all missing: NaN."""
    columns = [numbers_of(facts[name]) for name in names]
    given = np.column_stack(columns) if columns else np.empty((facts.height, 0))
    return np.where(np.isfinite(given), given, np.nan)


def numbers_of(fact: pl.Series) -> Learned:
    """A fact as float64 (rows,), NaN where it says no number: nothing, a word, a list."""
    if fact.dtype.is_nested():
        return np.full(len(fact), np.nan)
    numbers: Learned = fact.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    return numbers
