"""A map from facts to vectors, learned: what an item that nobody took, or a person who took nothing, would be like."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Arrays, Frame, Mask, Scores
from slatewright.data.encoding.remembering import Remembered
from slatewright.models.content.fact_features import FactFeatures, FactSpace
from slatewright.models.content.sparse_rows import times_dense
from slatewright.models.hybrid.ridge import Ridge

MOST_STEPS = 50


@dataclass(frozen=True)
class LinearMap:
    """``vector = centre + features of the facts x slopes``: float32 (d,), and (features, d)."""

    space: FactSpace
    slopes: Scores
    centre: Scores

    @classmethod
    def fit(cls, features: FactFeatures, facts: Frame, vectors: Scores, taught: Mask, reg: float) -> "LinearMap":
        """Regress the vectors of the taught rows on their facts, around their mean; ``reg`` is in rows."""
        space = features.learn(facts, taught if facts.height else None)
        rows = space.matrix(facts, len(vectors))[taught]
        return cls(space, *slopes_of(rows, vectors[taught], reg))

    def vectors(self, facts: Frame | None, n: int) -> Scores:
        """The vector of each row of facts, float32 (n, d); the centre where nothing is known."""
        if facts is None or not self.space.n_features:
            return np.tile(self.centre, (n, 1))
        return self._read(facts)

    @cached_property
    def _read(self) -> Remembered[Scores]:
        return Remembered(lambda facts: self.centre + times_dense(self.space.matrix(facts, len(facts)), self.slopes))

    def rotated(self, rotation: Scores) -> "LinearMap":
        """The same map into rotated vectors."""
        return replace(self, slopes=self.slopes @ rotation, centre=self.centre @ rotation)

    def arrays(self, prefix: str) -> Arrays:
        space = {f"{prefix}_{name}": array for name, array in self.space.arrays().items()}
        return {**space, f"{prefix}_slopes": self.slopes, f"{prefix}_centre": self.centre}

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str) -> "LinearMap":
        space = {name: arrays[f"{prefix}_{name}"] for name in ("card", "names", "name_offsets", "numbers")}
        return cls(FactSpace.from_arrays(space), arrays[f"{prefix}_slopes"], arrays[f"{prefix}_centre"])


def slopes_of(rows: sparse.csr_matrix, vectors: Scores, reg: float, steps: int = MOST_STEPS) -> tuple[Scores, Scores]:
    """Slopes float32 (features, d) and the mean of the vectors float32 (d,)."""
    centre = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], dtype=np.float32)
    start = np.zeros((rows.shape[1], vectors.shape[1]), dtype=np.float32)
    slopes = Ridge.of(rows, reg).solve(vectors - centre, start, steps=steps)
    return slopes, centre.astype(np.float32, copy=False)
