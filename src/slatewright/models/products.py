"""Inner products of few or many rows with many: BLAS where there is much to do, a serial kernel on the request path.

For one row BLAS takes microseconds on an idle machine, and milliseconds on a busy one: its threads wait for each other.
"""

from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.core.kernels import kernel
from slatewright.models.topk import FEW_ROWS


def products(rows: Scores, others: Scores) -> Scores:
    """``rows @ others.T``, float32 (n, m)."""
    if len(rows) > FEW_ROWS:
        many: Scores = rows @ others.T
        return many
    few = np.empty((len(rows), len(others)), dtype=np.float32)
    _products(np.ascontiguousarray(rows), others, few)
    return few


def dots(row: Scores, others: Scores, chosen: Index) -> Scores:
    """``others[chosen] @ row``, float32 (chosen,), without a copy of the chosen rows."""
    out = np.empty(len(chosen), dtype=np.float32)
    _dots(row, others, chosen, out)
    return out


@kernel(fastmath=True)
def _dots(row: Any, others: Any, chosen: Any, out: Any) -> None:
    for at in range(len(chosen)):
        other = others[chosen[at]]
        total = np.float32(0)
        for place in range(len(row)):
            total += row[place] * other[place]
        out[at] = total


@kernel(fastmath=True)
def _products(rows: Any, others: Any, out: Any) -> None:
    for row in range(len(rows)):
        for other in range(len(others)):
            total = np.float32(0)
            for at in range(rows.shape[1]):
                total += rows[row, at] * others[other, at]
            out[row, other] = total
