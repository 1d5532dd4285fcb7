"""Ridge regression of many targets on sparse features: conjugate gradient on all of them at once.

Minimises ``|targets - features slopes|² + reg |slopes|²``. The features are only ever multiplied by thin matrices, so a
hundred thousand of them cost what their entries cost.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Scores
from slatewright.models.content.sparse_rows import times_dense

TINY = np.float32(1e-30)


@dataclass(frozen=True)
class Ridge:
    """The problem of one matrix of features, CSR float32 (n, p), under one penalty."""

    rows: sparse.csr_matrix
    columns: sparse.csr_matrix
    reg: float

    @classmethod
    def of(cls, features: sparse.csr_matrix, reg: float) -> "Ridge":
        """The problem; the transposed matrix is made once."""
        return cls(features, sparse.csr_matrix(features.T), reg)

    def solve(self, targets: Scores, start: Scores, *, steps: int, tolerance: float = 1e-3) -> Scores:
        """Slopes float32 (p, d) for targets float32 (n, d), from ``start`` (p, d); ``tolerance`` is of the residual."""
        right = times_dense(self.columns, targets)
        squares = np.asarray(self.columns.multiply(self.columns).sum(axis=1), dtype=np.float32).ravel()
        inverse = (np.float32(1) / (squares + np.float32(self.reg)))[:, None].astype(np.float32)
        slopes, residual = start.copy(), right - self._normal(start)
        scaled = inverse * residual
        direction, size = scaled.copy(), _inner(residual, scaled)
        enough = np.float32(tolerance**2) * _inner(right, inverse * right)
        for _ in range(steps):
            if (size <= enough).all():
                break
            product = self._normal(direction)
            length = size / np.maximum(_inner(direction, product), TINY)
            slopes += length * direction
            residual -= length * product
            scaled = inverse * residual
            after = _inner(residual, scaled)
            direction = scaled + (after / np.maximum(size, TINY)) * direction
            size = after
        return slopes

    def _normal(self, slopes: Scores) -> Scores:
        product = times_dense(self.columns, times_dense(self.rows, slopes))
        product += np.float32(self.reg) * slopes
        return product


def _inner(one: Scores, other: Scores) -> Scores:
    products: Scores = np.einsum("pd,pd->d", one, other)
    return products
