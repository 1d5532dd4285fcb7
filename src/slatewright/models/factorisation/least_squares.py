"""Many small weighted least-squares problems that share a dense part, solved in its eigenbasis.

For row u with observed columns i of weight c_ui, unobserved weight w and penalty r_u, the minimiser x of

    sum_{i observed} c_ui (1 - x.y_i)^2  +  w sum_{i not observed} (x.y_i)^2  +  r_u |x|^2

solves ``(w G + r_u I + sum_i (c_ui - w) y_i y_i') x = sum_i c_ui y_i`` with ``G = Y'Y``. In the eigenbasis of G its
dense part is diagonal, so conjugate gradient needs no d x d product, and the diagonal is a strong preconditioner.
"""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Scores, Weights
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.knobs import Knob
from slatewright.core.sums import added_up
from slatewright.data.histories import Histories
from slatewright.models.factorisation.conjugate_gradient import Problems, solve_chunk

ROW_WORK = 6  # a row costs about as much as six of its entries before the first of them

RegExponent: TypeAlias = Annotated[
    float, Knob("0: one penalty for all; 1: the penalty grows with the number of events", least=0, most=1)
]
UnobservedWeight: TypeAlias = Annotated[
    float, Knob("what a pair without events weighs, next to 1 for an event", above=0, search=(1e-3, 1))
]
PopularityDiscount: TypeAlias = Annotated[
    float, Knob("an event weighs less on a popular item: divided by (users of the item) ** this", least=0, most=1)
]


def taken(histories: Histories, n_items: int) -> sparse.csr_matrix:
    """Summed weights as CSR float32 (n, n_items), columns sorted; a pair counts if its sum is above 0."""
    matrix = histories.matrix(n_items)
    if len(matrix.data) and matrix.data.min() <= 0:
        matrix.data[matrix.data < 0] = 0
        matrix.eliminate_zeros()
    return matrix


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


@dataclass(frozen=True, slots=True)
class Basis:
    """Factors float32 (m, d) in the eigenbasis of their Gram matrix, with its eigenvalues float32 (d,)."""

    factors: Scores
    spectrum: Scores


@dataclass(frozen=True, slots=True)
class Rows:
    """The problems of all rows of a CSR matrix of weights, float32 (n, m), one entry per pair."""

    offsets: Array
    columns: Index
    weights: Weights
    penalties: Scores
    unobserved_weight: np.float32

    @classmethod
    def of(cls, matrix: sparse.csr_matrix, penalty: Penalty) -> "Rows":
        """The problems of a matrix under a penalty."""
        return cls(
            matrix.indptr.astype(np.int64, copy=False),
            matrix.indices.astype(np.int32, copy=False),
            matrix.data.astype(np.float32, copy=False),
            penalty.of_rows(np.diff(matrix.indptr), matrix.shape[1]),
            np.float32(penalty.unobserved_weight),
        )

    @classmethod
    def of_one(cls, history: Histories, n_columns: int, penalty: Penalty) -> "Rows":
        """The problem of one history: what ``of`` makes of its matrix, in a tenth of the time."""
        columns, weights = added_up(history.items, history.weights)
        offsets = np.array([0, len(columns)], dtype=np.int64)
        penalties = penalty.of_rows(offsets[1:], n_columns)
        return cls(offsets, columns, weights, penalties, np.float32(penalty.unobserved_weight))

    def bounds(self, work: int = 1) -> Array:
        """Chunks of about equal work, ``work`` per entry."""
        return chunks_of((self.offsets + ROW_WORK * np.arange(len(self.offsets))) * work)

    def solve(self, basis: Basis, solutions: Scores, steps: int, tolerance: float = 0.0) -> None:
        """Fill ``solutions`` float32 (n, d), at most ``steps`` conjugate-gradient steps from zero for each row.

        A row stops early once its residual, in the norm of the preconditioner, has shrunk by ``tolerance``.
        """
        in_chunks(
            lambda begin, end: self.solve_chunk(begin, end, basis, solutions, (steps, tolerance)),
            self.bounds(work=len(basis.spectrum) // 16 + 1),
        )

    def solve_chunk(self, begin: int, end: int, basis: Basis, solutions: Scores, effort: tuple[int, float]) -> None:
        """The same for the rows from ``begin`` to ``end``; ``effort`` is steps and tolerance."""
        part = Problems(
            self.offsets[begin : end + 1],
            self.columns,
            self.weights,
            self.penalties[begin:end],
            self.unobserved_weight,
        )
        solve_chunk(
            part,
            basis.factors,
            self.unobserved_weight * basis.spectrum,
            solutions[begin:end],
            effort[0],
            np.float32(effort[1]),
        )
