"""The strongest directions of a sparse matrix: its largest singular values and their right singular vectors.

Randomised subspace iteration (Halko, Martinsson, Tropp: Finding structure with randomness, SIAM Review 2011). Every
step is dealt to plain threads in chunks of rows, each with a BLAS of one thread, so a busy machine delays nobody.
"""

from typing import Any

import numpy as np
from scipy import linalg, sparse

from slatewright.core.arrays import Array, Scores
from slatewright.core.chunks import chunks_of, equal_chunks, in_chunks
from slatewright.core.kernels import kernel, one_at_a_time, single_threaded_blas
from slatewright.core.randomness import Rng, generator

OVERSAMPLING = 64  # directions carried along beyond those asked for: they make the last ones asked for exact
ROUNDS = 4
EXACT = 1024  # up to this many columns all directions are found at once
SQUARES = 36  # of as many rows and columns as there are directions: one per chunk of rows, and their sums
NOTHING = 1e-6  # a direction this much weaker than the strongest is none: that is float32's own noise


def spectrum(
    matrix: sparse.csr_matrix, rank: int, rng: Rng, *, oversampling: int = OVERSAMPLING
) -> tuple[Array, Scores]:
    """Singular values float64 (r,), falling, and right singular vectors float32 (n_columns, r) of CSR float32.

    r is ``rank``, or less where the matrix has fewer directions. The sign of a vector is as it comes. Fewer directions
    carried along (``oversampling``) take less time and leave the last ones that were asked for less exact.
    """
    wanted = min(rank, *matrix.shape)
    width = min(wanted + oversampling, *matrix.shape)
    if not matrix.nnz or not wanted:
        return np.zeros(0), np.zeros((matrix.shape[1], 0), dtype=np.float32)
    if matrix.shape[1] <= EXACT:
        gram = (matrix.T @ matrix).toarray().astype(np.float64)
        return _strongest(gram, np.eye(len(gram), dtype=np.float32), wanted)
    columns = matrix.T.tocsr()
    basis = generator(rng).standard_normal((matrix.shape[1], width), dtype=np.float32)
    with one_at_a_time(), single_threaded_blas():
        for _ in range(ROUNDS):
            basis = _bounded(times(columns, times(matrix, basis)))
        basis = _orthonormal(basis)
        return _strongest(_gram(times(matrix, basis)), basis, wanted)


def bytes_sought(width: int, n_rows: int, n_columns: int) -> float:
    """Bytes of what so many directions need while they are sought: tables of both sides, and squares by chunks."""
    return 4.0 * width * (n_rows + 2 * n_columns) + SQUARES * 4.0 * width**2


def times(matrix: sparse.csr_matrix, dense: Scores) -> Scores:
    """``matrix @ dense``, float32 (n, d)."""
    out = np.empty((matrix.shape[0], dense.shape[1]), dtype=np.float32)
    offsets, indices, values = matrix.indptr.astype(np.int64), matrix.indices, matrix.data
    in_chunks(
        lambda begin, end: _times(offsets[begin : end + 1], indices, values, dense, out[begin:end]),
        chunks_of(offsets * dense.shape[1]),
    )
    return out


@kernel(fastmath=True)
def _times(offsets: Any, indices: Any, values: Any, dense: Any, out: Any) -> None:
    for row in range(len(out)):
        for f in range(out.shape[1]):
            out[row, f] = 0
        for at in range(offsets[row], offsets[row + 1]):
            column, value = indices[at], values[at]
            for f in range(out.shape[1]):
                out[row, f] += value * dense[column, f]


def _gram(tall: Scores) -> Array:
    """``tall.T @ tall``, float64 (d, d), summed in the order of the rows."""
    bounds = equal_chunks(len(tall), tall.shape[1] ** 2)
    total = np.zeros((tall.shape[1], tall.shape[1]))
    for part in in_chunks(lambda begin, end: tall[begin:end].T @ tall[begin:end], bounds):
        total += part
    return total


def _turned(tall: Scores, square: Array) -> Scores:
    """``tall @ square``, float32."""
    narrow = np.ascontiguousarray(square, dtype=np.float32)
    out = np.empty((len(tall), narrow.shape[1]), dtype=np.float32)

    def turn(begin: int, end: int) -> None:
        np.matmul(tall[begin:end], narrow, out=out[begin:end])

    in_chunks(turn, equal_chunks(len(tall), narrow.size))
    return out


def _bounded(tall: Scores) -> Scores:
    """Nearly orthonormal columns of the same span: Cholesky's factor, lifted a little so that it always exists."""
    gram = _gram(tall)
    gram[np.diag_indices_from(gram)] += NOTHING * np.trace(gram) / len(gram) + np.finfo(np.float64).tiny
    lower = linalg.cholesky(gram, lower=True)
    return _turned(tall, linalg.solve_triangular(lower, np.eye(len(lower)), lower=True).T)


def _orthonormal(tall: Scores) -> Scores:
    """Orthonormal columns of the same span, fewer where it has fewer directions."""
    values, vectors = np.linalg.eigh(_gram(tall))
    kept = values > NOTHING * values[-1]
    return _turned(tall, vectors[:, kept] / np.sqrt(values[kept]))


def _strongest(gram: Array, basis: Scores, wanted: int) -> tuple[Array, Scores]:
    """Singular values and vectors from the Gram matrix in a basis (n, b) with orthonormal columns."""
    squares, vectors = np.linalg.eigh(gram)
    order = np.arange(len(squares))[::-1][:wanted]
    kept = order[squares[order] > NOTHING * squares[-1]]
    return np.sqrt(squares[kept]), _turned(basis, vectors[:, kept])
