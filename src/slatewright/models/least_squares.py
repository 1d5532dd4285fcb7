"""Many small weighted least-squares problems that share a dense part, solved in its eigenbasis.

For row u with observed columns i of weight c_ui, unobserved weight w and penalty r_u, the minimiser x of

    sum_{i observed} c_ui (1 - x.y_i)^2  +  w sum_{i not observed} (x.y_i)^2  +  r_u |x|^2

solves ``(w G + r_u I + sum_i (c_ui - w) y_i y_i') x = sum_i c_ui y_i`` with ``G = Y'Y``. In the eigenbasis of G its
dense part is diagonal, so conjugate gradient needs no d x d product, and the diagonal is a strong preconditioner.
"""

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Scores, Weights
from slatewright.core.kernels import kernel, one_at_a_time
from slatewright.models.topk import FEW_ROWS

CHUNKS_PER_THREAD = 16


@dataclass(frozen=True, slots=True)
class Penalty:
    """What keeps the factors small: ``r_u = reg (n_u + w n)^exponent`` with n columns, n_u of them observed.

    Exponent 0 is a plain ridge, 1 scales with the frequency (Rendle, Krichene, Zhang, Koren: Revisiting the Performance
    of iALS on Item Recommendation Benchmarks, RecSys 2022).
    """

    reg: float
    exponent: float
    unobserved_weight: float

    def of_rows(self, lengths: Array, n_columns: int) -> Scores:
        """r_u for rows with that many observed columns, float32."""
        mass = lengths + self.unobserved_weight * n_columns
        penalties: Scores = (self.reg * np.maximum(mass, 1.0) ** self.exponent).astype(np.float32)
        return penalties

    def normal_matrix(self, columns: Index, weights: Weights, factors: Scores, spectrum: Scores) -> Array:
        """The left-hand side of one row, float64 (d, d), written out."""
        rows = factors[columns].astype(np.float64)
        diagonal = self.unobserved_weight * spectrum + self.of_rows(np.array([len(columns)]), len(factors))
        matrix: Array = np.diag(diagonal).astype(np.float64)
        matrix += (rows * (weights - self.unobserved_weight)[:, None]).T @ rows
        return matrix


def solve_rows(
    matrix: sparse.csr_matrix,
    factors: Scores,
    spectrum: Scores,
    penalty: Penalty,
    solutions: Scores,
    steps: int,
    tolerance: float = 0.0,
) -> None:
    """Improve ``solutions`` float32 (n, d) in place by at most ``steps`` conjugate-gradient steps per row.

    ``matrix`` CSR float32 (n, m) holds the weights, ``factors`` float32 (m, d) lie in the eigenbasis of their Gram
    matrix with eigenvalues ``spectrum``. A row stops early once its residual has shrunk by ``tolerance``.
    """
    dense = (penalty.unobserved_weight * spectrum).astype(np.float32)
    penalties = penalty.of_rows(np.diff(matrix.indptr), matrix.shape[1])
    shift = np.float32(penalty.unobserved_weight)
    offsets = matrix.indptr.astype(np.int64, copy=False)
    columns = matrix.indices.astype(np.int32, copy=False)
    limit = np.float32(tolerance)
    given = offsets, columns, matrix.data, factors, dense, penalties, shift, solutions, steps, limit
    if len(solutions) <= FEW_ROWS:
        _solve_serial(*given)
    else:
        bounds = _balanced(offsets, CHUNKS_PER_THREAD * numba.get_num_threads())
        with one_at_a_time():
            _solve_parallel(bounds, *given)


def _balanced(offsets: Array, chunks: int) -> Array:
    """Row bounds of chunks with about equal work, int64 (chunks + 1,): long rows must not wait for each other."""
    n = len(offsets) - 1
    work = offsets + 4 * np.arange(n + 1)
    return np.searchsorted(work, np.linspace(0, work[-1], chunks + 1)).astype(np.int64)


@kernel(fastmath=True)
def _solve_row(
    columns: Any, weights: Any, factors: Any, dense: Any, penalty: Any, shift: Any, x: Any, steps: Any, limit: Any,
    scratch: Any,
) -> None:  # fmt: skip
    d = len(x)
    r, inverse, p, q = scratch[0], scratch[1], scratch[2], scratch[3]
    for f in range(d):
        inverse[f] = dense[f] + penalty
        r[f] = -inverse[f] * x[f]
    for at in range(len(columns)):
        y, extra = factors[columns[at]], weights[at] - shift
        dot = np.float32(0)
        for f in range(d):
            dot += y[f] * x[f]
        scale = weights[at] - extra * dot
        for f in range(d):
            r[f] += scale * y[f]
            inverse[f] += extra * y[f] * y[f]
    rz = np.float32(0)
    for f in range(d):
        inverse[f] = np.float32(1) / inverse[f]
        p[f] = inverse[f] * r[f]
        rz += r[f] * p[f]
    enough = limit * limit * rz
    for _ in range(steps):
        if rz <= enough:
            break
        for f in range(d):
            q[f] = (dense[f] + penalty) * p[f]
        for at in range(len(columns)):
            y = factors[columns[at]]
            dot = np.float32(0)
            for f in range(d):
                dot += y[f] * p[f]
            dot *= weights[at] - shift
            for f in range(d):
                q[f] += dot * y[f]
        curve = np.float32(0)
        for f in range(d):
            curve += p[f] * q[f]
        alpha = rz / curve
        after = np.float32(0)
        for f in range(d):
            x[f] += alpha * p[f]
            r[f] -= alpha * q[f]
            after += r[f] * inverse[f] * r[f]
        beta = after / rz
        rz = after
        for f in range(d):
            p[f] = inverse[f] * r[f] + beta * p[f]


@kernel(fastmath=True)
def _solve_serial(
    offsets: Any, columns: Any, weights: Any, factors: Any, dense: Any, penalties: Any, shift: Any, solutions: Any,
    steps: Any, limit: Any,
) -> None:  # fmt: skip
    scratch = np.empty((4, len(dense)), dtype=np.float32)
    for row in range(len(solutions)):
        span = slice(offsets[row], offsets[row + 1])
        _solve_row(
            columns[span], weights[span], factors, dense, penalties[row], shift, solutions[row], steps, limit, scratch
        )


@kernel(parallel=True, fastmath=True)
def _solve_parallel(
    bounds: Any, offsets: Any, columns: Any, weights: Any, factors: Any, dense: Any, penalties: Any, shift: Any,
    solutions: Any, steps: Any, limit: Any,
) -> None:  # fmt: skip
    for chunk in numba.prange(len(bounds) - 1):
        scratch = np.empty((4, len(dense)), dtype=np.float32)
        for row in range(bounds[chunk], bounds[chunk + 1]):
            begin, end = offsets[row], offsets[row + 1]
            _solve_row(
                columns[begin:end], weights[begin:end], factors, dense, penalties[row], shift, solutions[row],
                steps, limit, scratch,
            )  # fmt: skip
