"""One half sweep of alternating least squares: rotate both sides into the eigenbasis, improve one of them."""

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.models.chunks import equal_chunks, in_chunks
from slatewright.models.least_squares import Basis, Rows

STEPS = 2  # of conjugate gradient per half sweep; more change the loss less than one more epoch does


def half_sweep(rows: Rows, fixed: Scores, moving: Scores, gram: Array) -> Array:
    """Improve ``moving`` given ``fixed``, whose Gram matrix is ``gram``; both are rotated into its eigenbasis, in place.

    Gives the Gram matrix of ``moving`` float32 (d, d), for the next half sweep. Each thread rotates, improves and
    multiplies its rows while they are in its cache.
    """
    spectrum, rotation = eigenbasis(gram)
    rotate_rows(fixed, rotation)
    basis = Basis(fixed, spectrum)

    def improve(begin: int, end: int) -> Array:
        part = moving[begin:end]
        part[:] = part @ rotation
        rows.improve_chunk(begin, end, basis, moving, (STEPS, 0.0))
        product: Array = part.T @ part
        return product

    products = in_chunks(improve, rows.bounds(work=len(gram)))
    total: Array = np.sum(products, axis=0)
    return total


def rotate(gram: Array, *sides: Scores) -> Scores:
    """Rotate factors in place into the eigenbasis of a Gram matrix; gives its eigenvalues."""
    spectrum, rotation = eigenbasis(gram)
    for side in sides:
        rotate_rows(side, rotation)
    return spectrum


def rotate_rows(side: Scores, rotation: Scores) -> None:
    """Multiply every row by a rotation, in place."""

    def turn(begin: int, end: int) -> None:
        side[begin:end] = side[begin:end] @ rotation

    in_chunks(turn, equal_chunks(len(side), side.shape[1] ** 2))


def eigenbasis(gram: Array) -> tuple[Scores, Scores]:
    """Eigenvalues float32 (d,), none negative, and eigenvectors float32 (d, d) in columns."""
    spectrum, vectors = np.linalg.eigh(gram)
    return np.maximum(spectrum, 0), np.ascontiguousarray(vectors)
