"""Elastic net of every item on all others, over the items that meet it.

Friedman, Hastie, Tibshirani: Regularization Paths for Generalized Linear Models via Coordinate Descent, Journal of
Statistical Software 2010. Where neither weights nor numbers may be negative, an item that never meets the target, or
meets it less than the penalty on magnitudes, is zero at the optimum: leaving it out is exact.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Offsets, Scores
from slatewright.core.chunks import chunks_of, equal_chunks, in_chunks
from slatewright.models.linear.descent import Limits, Penalties, Table, columns_from_rows
from slatewright.models.linear.gram import gram_into, mirror
from slatewright.models.linear.gram_descent import columns_from_gram

MOST_GRAM_BYTES = 1 << 29  # a Gram matrix up to this size may be held

Columns: TypeAlias = tuple[Offsets, Index, Scores]  # numbers per column, their rows, the numbers


def elastic_net(by_user: sparse.csr_matrix, penalties: Penalties, limits: Limits) -> sparse.csc_matrix:
    """CSC float32 (n_items, n_items) whose column j minimises

        1/2 |x_j - X w|^2 + 1/2 sum on_squares w^2 + on_magnitudes sum |w|,   w_j = 0,

    over the candidates of item j: the items that say most about it by themselves.
    """
    n_items = by_user.shape[1]
    solve, bounds = (_on_gram if gram_pays(by_user) else _on_rows)(by_user, penalties, limits)
    parts = in_chunks(solve, bounds)
    counts, rows, numbers = (np.concatenate(part) for part in zip(*parts, strict=True))
    offsets = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    return sparse.csc_matrix((numbers, rows, offsets), shape=(n_items, n_items))


def gram_pays(by_user: sparse.csr_matrix) -> bool:
    """Whether items meet so often that their Gram matrix is cheaper to read than the histories."""
    cells, meetings = float(by_user.shape[1]) ** 2, float(np.square(np.diff(by_user.indptr), dtype=np.float64).sum())
    return 4 * cells <= MOST_GRAM_BYTES and meetings >= cells


def squares_of(by_user: sparse.csr_matrix) -> Array:
    """The diagonal of the Gram matrix, float64 (n_items,)."""
    squares: Array = np.bincount(
        by_user.indices, weights=by_user.data.astype(np.float64) ** 2, minlength=by_user.shape[1]
    )
    return squares


def _on_gram(
    by_user: sparse.csr_matrix, penalties: Penalties, limits: Limits
) -> tuple[Callable[[int, int], Columns], Offsets]:
    n_items = by_user.shape[1]
    gram = np.zeros((n_items, n_items), dtype=np.float32)
    gram_into(by_user, gram)
    mirror(gram)
    squares = gram.diagonal().astype(np.float64)

    def solve(begin: int, end: int) -> Columns:
        columns: Columns = columns_from_gram(begin, end, gram, squares, penalties, limits)
        return columns

    return solve, equal_chunks(n_items, 10 * n_items)


def _on_rows(
    by_user: sparse.csr_matrix, penalties: Penalties, limits: Limits
) -> tuple[Callable[[int, int], Columns], Offsets]:
    by_item = by_user.T.tocsr()
    users, items = (Table(table.indptr, table.indices, table.data) for table in (by_user, by_item))
    squares = squares_of(by_user)
    met = np.concatenate([[0], np.cumsum(np.diff(by_user.indptr)[by_item.indices], dtype=np.int64)])

    def solve(begin: int, end: int) -> Columns:
        columns: Columns = columns_from_rows(begin, end, users, items, squares, penalties, limits)
        return columns

    return solve, chunks_of(met[by_item.indptr])
