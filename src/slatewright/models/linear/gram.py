"""The Gram matrix of a table of weights: how often, and how much, two items meet in a history."""

from typing import Annotated, Any, TypeAlias

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.core.knobs import Knob

MIRRORED = 256  # rows mirrored at once
ActivityDiscount: TypeAlias = Annotated[
    float, Knob("an event weighs less in a long history: divided by (items of the user) ** this", least=0, most=2)
]
Dropout: TypeAlias = Annotated[
    float,
    Knob("share of a history hidden in training: more penalty on popular items", least=0, below=1, search=(0, 0.9)),
]


def gram_into(by_user: sparse.csr_matrix, out: Array) -> None:
    """The lower triangle of by_user.T @ by_user into ``out``, float32 or float64 (n_items, n_items), zeros before.

    Costs one step per pair of items in each history; ``by_user`` CSR float32 (n_users, n_items), columns sorted.
    """
    by_item = by_user.T.tocsr()
    lengths = np.diff(by_user.indptr).astype(np.int64)
    work = np.concatenate([[0], np.cumsum(lengths[by_item.indices])])[by_item.indptr]
    in_chunks(
        lambda begin, end: _rows(
            by_item.indptr[begin : end + 1], by_item.indices, by_item.data,
            by_user.indptr, by_user.indices, by_user.data, begin, out[begin:end],
        ),
        chunks_of(work),
    )  # fmt: skip


def mirror(matrix: Array) -> None:
    """The lower triangle of a square matrix into its upper one, in place."""
    for begin in range(0, len(matrix), MIRRORED):
        end = min(begin + MIRRORED, len(matrix))
        matrix[:begin, begin:end] = matrix[begin:end, :begin].T
        block = np.tril(matrix[begin:end, begin:end])
        matrix[begin:end, begin:end] = block + np.tril(block, -1).T


def discounted(by_user: sparse.csr_matrix, activity_discount: float) -> sparse.csr_matrix:
    """The same table with events of long histories at a discount, so that their pairs weigh less in the Gram matrix:
    divided by (items of the user) ** activity_discount there, and by a constant that leaves the mean at 1."""
    lengths = np.diff(by_user.indptr)
    if activity_discount == 0 or not by_user.nnz:
        return by_user
    factors = np.repeat(np.maximum(lengths, 1) ** -float(activity_discount), lengths)
    weighed: sparse.csr_matrix = by_user.copy()
    weighed.data *= np.sqrt(factors / factors.mean()).astype(np.float32)
    return weighed


def largest_row_sum(by_user: sparse.csr_matrix) -> float:
    """The largest sum of magnitudes of a row of the Gram matrix: no eigenvalue is above it."""
    magnitudes = abs(by_user).astype(np.float64)
    sums = magnitudes.T @ (magnitudes @ np.ones(by_user.shape[1]))
    return float(sums.max(initial=0))


@kernel(fastmath=True)
def _rows(
    bounds: Any, users: Any, weights: Any, starts: Any, items: Any, values: Any, first: Any, out: Any
) -> None:  # fmt: skip
    for row in range(len(out)):
        item = first + row
        for at in range(bounds[row], bounds[row + 1]):
            user, weight = users[at], weights[at]
            for entry in range(starts[user], starts[user + 1]):
                if items[entry] > item:
                    break
                out[row, items[entry]] += weight * values[entry]
