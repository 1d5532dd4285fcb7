"""The exact objective of least squares over all pairs, at about the cost of one step of conjugate gradient.

The pairs without events need not be visited: the sum of (x.y)^2 over all pairs is the inner product of the two Gram
matrices, and what the pairs with events add to it is taken off again.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.chunks import in_chunks
from slatewright.core.kernels import kernel
from slatewright.models.factorisation.least_squares import Rows


@dataclass(frozen=True, slots=True)
class Loss:
    """``observed``: the sum of c (1 - x.y)^2 over the pairs with events; ``unobserved``: w times the sum of (x.y)^2
    over all others; ``penalty``: what keeps the factors small. ALS makes the sum of the three fall."""

    observed: float
    unobserved: float
    penalty: float

    @property
    def total(self) -> float:
        return self.observed + self.unobserved + self.penalty


def exact_loss(rows: Rows, users: Scores, items: Scores, item_penalties: Scores) -> Loss:
    """The loss of user and item vectors, float32 (n, d), in the same basis; ``rows`` has a row per user."""
    bounds = rows.bounds(work=users.shape[1] // 16 + 1)
    parts = in_chunks(lambda begin, end: _observed(_part(rows, begin, end), users[begin:end], items), bounds)
    errors, squares = np.array(parts).reshape(-1, 2).sum(axis=0)
    everywhere = float(np.vdot((users.T @ users).astype(np.float64), (items.T @ items).astype(np.float64)))
    lengths = [np.einsum("nf,nf->n", side, side, dtype=np.float64) for side in (users, items)]
    penalty = float(rows.penalties @ lengths[0] + item_penalties @ lengths[1])
    return Loss(float(errors), float(rows.unobserved_weight) * max(everywhere - float(squares), 0.0), penalty)


def _part(rows: Rows, begin: int, end: int) -> Any:
    return rows.offsets[begin : end + 1], rows.columns, rows.weights


@kernel(fastmath=True)
def _observed(part: Any, users: Any, items: Any) -> Any:
    """The sums of weight times (1 - x.y)^2 and of (x.y)^2 over the entries of some rows."""
    offsets, columns, weights = part
    errors: Any = 0.0
    squares: Any = 0.0
    for row in range(len(users)):
        for at in range(offsets[row], offsets[row + 1]):
            score: Any = np.float32(0)
            for f in range(users.shape[1]):
                score += users[row, f] * items[columns[at], f]
            errors += weights[at] * (1.0 - score) * (1.0 - score)
            squares += score * score
    return errors, squares
