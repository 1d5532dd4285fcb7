"""Features as a ranker reads them: a matrix of numbers whose columns have names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame
from slatewright.core.errors import BadInput
from slatewright.explain.rankers import name_of


@dataclass(frozen=True)
class FeatureTable:
    """``values`` float64 (rows, features), NaN where nothing is known; ``names``, one for each column."""

    values: Array
    names: tuple[str, ...]

    @classmethod
    def of(cls, given: "Frame | Array | FeatureTable", names: Sequence[str] | None = None) -> "FeatureTable":
        """From a frame whose columns are numbers or booleans, or from a matrix; nulls become NaN.

        Raises:
            BadInput: it has no row, a column of text, or other than two dimensions; names that do not fit.
        """
        if isinstance(given, FeatureTable):
            return given
        if isinstance(given, pl.DataFrame):
            texts = [name for name, kind in given.schema.items() if not (kind.is_numeric() or kind == pl.Boolean)]
            if texts:
                raise BadInput(
                    f"features must be numbers or booleans, got {', '.join(texts)}; encode them as in training"
                )
            values, names = given.cast(pl.Float64).to_numpy(), given.columns
        else:
            values = _matrix(given)
        if values.shape[0] == 0 or values.shape[1] == 0:
            raise BadInput(f"a feature table must have rows and columns, got {values.shape[0]} x {values.shape[1]}")
        names = _made_up(values.shape[1]) if names is None else tuple(names)
        if len(names) != values.shape[1]:
            raise BadInput(f"there must be one name for each of {values.shape[1]} features, got {len(names)}")
        return cls(values, names)

    def __len__(self) -> int:
        return len(self.values)

    def as_read_by(self, ranker: object) -> "FeatureTable":
        """The columns that a ranker was fitted on, in its order, where it knows their names.

        Raises:
            BadInput: it wants columns that are not here, or another number of them.
        """
        wanted, here = _names_known_to(ranker), set(self.names)
        if here >= set(wanted) and wanted:
            return FeatureTable(self.values[:, [self.names.index(name) for name in wanted]], wanted)
        if here & set(wanted):
            raise BadInput(f"{name_of(ranker)} wants {', '.join(sorted(set(wanted) - here))}, which the table lacks")
        n_wanted = len(wanted) or getattr(ranker, "n_features_in_", len(here))
        if n_wanted != len(self.names):
            raise BadInput(f"{name_of(ranker)} was fitted on {n_wanted} features, got {len(self.names)}")
        return FeatureTable(self.values, wanted) if wanted and self.names == _made_up(n_wanted) else self

    def row(self, at: int) -> Array:
        """One row, float64 (features,).

        Raises:
            BadInput: there is no such row.
        """
        if isinstance(at, bool) or not isinstance(at, int | np.integer) or not 0 <= at < len(self):
            raise BadInput(f"row must be from 0 to {len(self) - 1}, got {at!r}")
        return np.asarray(self.values[at])

    def some(self, most: int, rng: np.random.Generator) -> "FeatureTable":
        """All rows, or ``most`` of them, drawn."""
        if len(self) <= most:
            return self
        return FeatureTable(self.values[np.sort(rng.choice(len(self), most, replace=False))], self.names)


def _matrix(given: object) -> Array:
    try:
        values = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadInput(f"features must be a polars frame or a matrix of numbers, got {type(given).__name__}") from None
    if values.ndim != 2:
        raise BadInput(f"features must have two dimensions, got {values.ndim}")
    return values


def _made_up(n: int) -> tuple[str, ...]:
    return tuple(f"feature {at}" for at in range(n))


def _names_known_to(ranker: Any) -> tuple[str, ...]:
    """What a fitted LightGBM, XGBoost or scikit-learn object calls its features; nothing where it does not say."""
    for attribute in ("feature_name_", "feature_names_in_", "feature_name", "feature_names"):
        found = getattr(ranker, attribute, None)
        found = found() if callable(found) else found
        if found is not None:
            return tuple(map(str, found))
    return ()
