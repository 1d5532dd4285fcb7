"""Least squares that leans to given means: the penalty of a row is on its distance from its mean, not from zero.

The problem of row u gets ``+ r_u |x - m_u|²`` for ``+ r_u |x|²``, so ``r_u m_u`` is added to its right-hand side and
nothing to its matrix. An entry whose weight is that of the unobserved adds nothing to the matrix either and its factor,
times that weight, to the right-hand side: so each row gets one more entry, of weight w, in a column of its own with the
factor ``m_u r_u / w``, and the kernels of ALS solve it as it is.
"""

from dataclasses import dataclass, replace

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.models.factorisation.least_squares import Basis, Rows
from slatewright.models.factorisation.sweeping import MOST_STEPS, TOLERANCE


@dataclass(frozen=True, slots=True)
class LeaningRows:
    """The problems of all rows; ``rows`` holds the entries and, as the last of each row, the one that leans."""

    rows: Rows

    @classmethod
    def of(cls, rows: Rows, n_columns: int) -> "LeaningRows":
        """Add the entry that leans to each row of a matrix of so many columns."""
        n = len(rows.offsets) - 1
        ends = rows.offsets[1:]
        own = (n_columns + np.arange(n)).astype(np.int32)
        return cls(
            replace(
                rows,
                offsets=rows.offsets + np.arange(n + 1),
                columns=np.insert(rows.columns, ends, own),
                weights=np.insert(rows.weights, ends, rows.unobserved_weight),
            )
        )

    def sweep(self, basis: Basis, means: Scores, moving: Scores) -> None:
        """Solve for ``moving`` float32 (n, d), leaning to ``means`` (n, d) in the basis of the fixed side."""
        self.rows.solve(self._leaning(basis, means), moving, MOST_STEPS, TOLERANCE)

    def solve(self, basis: Basis, means: Scores, solutions: Scores, steps: int, tolerance: float) -> None:
        """The same to any tolerance."""
        self.rows.solve(self._leaning(basis, means), solutions, steps, tolerance)

    def _leaning(self, basis: Basis, means: Scores) -> Basis:
        pull: Array = self.rows.penalties / self.rows.unobserved_weight
        return Basis(np.concatenate([basis.factors, means * pull[:, None]]), basis.spectrum)
