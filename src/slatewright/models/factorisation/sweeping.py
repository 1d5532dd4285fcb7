"""One half sweep of alternating least squares: rotate the fixed side into its eigenbasis, solve for the other."""

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.kernels import one_at_a_time, single_threaded_blas
from slatewright.models.factorisation.least_squares import Basis, Rows

TOLERANCE = 0.005  # easy rows stop after two steps of conjugate gradient, the average after three
MOST_STEPS = 30


def half_sweep(rows: Rows, fixed: Scores, gram: Array, moving: Scores) -> Array:
    """Solve for ``moving`` given ``fixed``; ``fixed`` is rotated, in place, into the eigenbasis of its Gram matrix.

    ``gram`` float32 (d, d) is that matrix; gives the one of ``moving``, for the next half sweep. Every row is solved
    from zero: its last value would have to be rotated too, which costs more than the steps that it saves.
    """
    spectrum, rotation = eigenbasis(gram)
    rotate(fixed, rotation)
    basis = Basis(fixed, spectrum)

    def solve(begin: int, end: int) -> Array:
        rows.solve_chunk(begin, end, basis, moving, (MOST_STEPS, TOLERANCE))
        solved = moving[begin:end]
        product: Array = solved.T @ solved
        return product

    total: Array = np.sum(in_chunks(solve, rows.bounds(work=len(gram))), axis=0)
    return total


def rotate(side: Scores, rotation: Scores) -> None:
    """Multiply every row by a rotation, in place."""

    def turn(begin: int, end: int) -> None:
        side[begin:end] = side[begin:end] @ rotation

    in_chunks(turn, equal_chunks(len(side), side.shape[1] ** 2))


def in_eigenbasis(side: Scores) -> Basis:
    """The same factors, rotated in place into the eigenbasis of their Gram matrix."""
    with one_at_a_time(), single_threaded_blas():
        spectrum, rotation = eigenbasis(side.T @ side)
        rotate(side, rotation)
    return Basis(side, spectrum)


def eigenbasis(gram: Array) -> tuple[Scores, Scores]:
    """Eigenvalues float32 (d,), none negative, and eigenvectors float32 (d, d) in columns."""
    spectrum, vectors = np.linalg.eigh(gram)
    return np.maximum(spectrum, 0), np.ascontiguousarray(vectors)
