"""One side of a factorisation with facts: the vectors of items or of users, and the map from facts they lean to."""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Frame, Mask, Scores
from slatewright.models.content.fact_features import FactFeatures, FactSpace
from slatewright.models.content.sparse_rows import times_dense
from slatewright.models.factorisation.least_squares import Basis
from slatewright.models.factorisation.sweeping import rotate
from slatewright.models.hybrid.leaning import LeaningRows
from slatewright.models.hybrid.linear_map import MOST_STEPS, LinearMap
from slatewright.models.hybrid.ridge import Ridge

STEPS = 3  # of conjugate gradient, each time the map is learned again: it starts from the last one


@dataclass
class Side:
    """``vectors`` float32 (n, d) of the rows with events, ``slopes`` and ``centre`` of the map, all in one basis.

    The basis turns as sweeps go on; ``turn`` keeps everything in step.
    """

    space: FactSpace
    rows: LeaningRows
    features: sparse.csr_matrix
    ridge: Ridge
    vectors: Scores
    slopes: Scores = field(init=False)
    centre: Scores = field(init=False)

    def __post_init__(self) -> None:
        dim = self.vectors.shape[1]
        self.slopes = np.zeros((self.features.shape[1], dim), dtype=np.float32)
        self.centre = np.zeros(dim, dtype=np.float32)

    @classmethod
    def of(
        cls, features: FactFeatures, facts: Frame, hot: Mask, rows: LeaningRows, vectors: Scores, reg: float
    ) -> "Side":
        """A side whose map knows nothing yet; ``hot`` (n_all,) tells which of the facts' rows have vectors."""
        space = features.learn(facts, hot if facts.height else None)
        matrix = space.matrix(facts, len(hot))[hot]
        return cls(space, rows, matrix, Ridge.of(matrix, reg), vectors)

    def turn(self, rotation: Scores) -> None:
        """Rotate everything."""
        rotate(self.vectors, rotation)
        self.slopes, self.centre = self.slopes @ rotation, self.centre @ rotation

    def sweep(self, basis: Basis) -> None:
        """Solve for the vectors, leaning to what the facts say."""
        means = self.centre + times_dense(self.features, self.slopes)
        self.rows.sweep(basis, means, self.vectors)

    def learn(self, steps: int = STEPS) -> None:
        """Learn the map again from the vectors."""
        self.centre = self.vectors.mean(axis=0) if len(self.vectors) else self.centre
        self.slopes = self.ridge.solve(self.vectors - self.centre, self.slopes, steps=steps)

    def map(self) -> LinearMap:
        """The map, learned to the end."""
        self.learn(MOST_STEPS)
        return LinearMap(self.space, self.slopes, self.centre)
