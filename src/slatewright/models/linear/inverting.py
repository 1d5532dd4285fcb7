"""The inverse of a symmetric positive definite matrix, in place, at the speed of matrix products.

Block after block is *swept*: the block is inverted by LAPACK, and every pair of other rows and columns is corrected by
one product (Goodnight: A Tutorial on the SWEEP Operator, The American Statistician 1979). That is n³ multiplications
and additions, as many as a Cholesky factorisation and the inverse made of it, nearly all of them in products of square
tiles. The tiles depend on each other only from block to block, so plain threads share them: no thread waits for others
inside a product, which on a busy machine is most of what LAPACK's own threads do. Only the lower triangle is touched,
where it lies: the block's part above itself is a band of rows, the part below a band of columns, and BLAS multiplies
either as it is. The next block is inverted as soon as it is corrected, while the other tiles still are.
"""

import ctypes
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
from numba.extending import get_cython_function_address
from scipy.linalg import lapack

from slatewright.core.arrays import Array
from slatewright.core.kernels import single_threaded_blas

BLOCK = 256  # rows swept at once
TILE = 512  # rows and columns of one product
STRIP = 128  # columns of one product where a tile lies on the diagonal, so that little is done above it


class NotPositiveDefinite(Exception):
    """The matrix has no Cholesky factor in this precision."""


def sweep(matrix: Array) -> None:
    """Put the negative inverse of a matrix into its place; float32 or float64 (n, n), rows contiguous.

    Only the lower triangle is read and written. The numbers do not depend on the number of threads.

    Raises:
        NotPositiveDefinite: a pivot is not above 0; the matrix is then half overwritten.
    """
    if not len(matrix):
        return
    product = _Product(matrix.dtype)
    with single_threaded_blas(), ThreadPoolExecutor(numba.get_num_threads()) as threads:
        inverse = _inverse(matrix[:BLOCK, :BLOCK])
        for begin in range(0, len(matrix), BLOCK):
            block = slice(begin, begin + len(inverse))
            inverse = _Step(matrix, block, inverse, product).run(threads)


class _Step:
    """One block is swept."""

    def __init__(self, matrix: Array, block: slice, inverse: Array, product: "_Product") -> None:
        self.matrix, self.block, self.inverse, self.product = matrix, block, inverse, product
        above, below = _pieces(0, block.start), _pieces(block.stop, len(matrix))
        self.pieces, self.next_piece = above + below, len(above)
        self.sides: list[tuple[Array, Array]] = []

    def run(self, threads: ThreadPoolExecutor) -> Array:
        """Correct all of the matrix; gives the inverse of the next block, empty after the last one."""
        self.sides = list(threads.map(self._side, self.pieces))
        following = threads.submit(self._next)
        pairs = [(row, column) for row in range(len(self.pieces)) for column in range(row + 1)]
        list(threads.map(self._correct, (pair for pair in pairs if pair != (self.next_piece, self.next_piece))))
        self.matrix[self.block, self.block] = -self.inverse
        return following.result()

    def _side(self, piece: slice) -> tuple[Array, Array]:
        """Put the block's columns in ``piece``, times the inverse, into their place.

        Gives them as (rows of the piece, block) and, as they were, (block, rows of the piece)."""
        if piece.start < self.block.start:  # they lie in the rows of the block
            new = self.matrix[self.block, piece]
            old = new.copy()
            self.product(new, self.inverse, old, 1, 0)
            return new.T, old
        new = self.matrix[piece, self.block]
        old = new.copy()
        self.product(new, old, self.inverse, 1, 0)
        return new, old.T

    def _correct(self, pair: tuple[int, int]) -> None:
        """Subtract the product of two sides from the tile where they meet."""
        row, column = pair
        tile = self.matrix[self.pieces[row], self.pieces[column]]
        new, old = self.sides[row][0], self.sides[column][1]
        width = STRIP if row == column else tile.shape[1]
        for at in range(0, tile.shape[1], width):
            first = at if row == column else 0
            self.product(tile[first:, at : at + width], new[first:], old[:, at : at + width], -1, 1)

    def _next(self) -> Array:
        begin = self.block.stop
        if begin == len(self.matrix):
            return self.inverse[:0]
        self._correct((self.next_piece, self.next_piece))
        return _inverse(self.matrix[begin : begin + BLOCK, begin : begin + BLOCK])


def _pieces(begin: int, end: int) -> list[slice]:
    return [slice(at, min(at + TILE, end)) for at in range(begin, end, TILE)]


def _inverse(block: Array) -> Array:
    """The inverse of a small block, both triangles."""
    single = block.dtype == np.float32
    factor, inverse = (lapack.spotrf, lapack.spotri) if single else (lapack.dpotrf, lapack.dpotri)
    lower, failed = factor(np.tril(block), lower=1, clean=0)
    if failed:
        raise NotPositiveDefinite
    result: Array = np.tril(inverse(lower, lower=1)[0])
    return result + np.tril(result, -1).T


class _Product:
    """``out = factor * left @ right + kept * out`` by the matrix product of BLAS, which NumPy offers only with a copy.

    One step of each operand is 1: its rows or its columns are contiguous; those of ``out`` are its rows. BLAS counts in
    columns, so it is told to compute the transpose: out.T from right.T @ left.T.
    """

    def __init__(self, dtype: Any) -> None:
        single = dtype == np.float32
        self._number = ctypes.c_float if single else ctypes.c_double
        address = get_cython_function_address("scipy.linalg.cython_blas", "sgemm" if single else "dgemm")
        self._gemm = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 13)(address)

    def __call__(self, out: Array, left: Array, right: Array, factor: float, kept: float) -> None:
        (left_turned, left_step), (right_turned, right_step) = _layout(left), _layout(right)
        height, width, depth = (ctypes.byref(ctypes.c_int(size)) for size in (*out.shape, left.shape[1]))
        leading = [ctypes.byref(ctypes.c_int(step)) for step in (right_step, left_step, _layout(out)[1])]
        alpha, beta = (ctypes.byref(self._number(value)) for value in (factor, kept))
        self._gemm(
            right_turned, left_turned, width, height, depth, alpha, right.ctypes.data, leading[0],
            left.ctypes.data, leading[1], beta, out.ctypes.data, leading[2],
        )  # fmt: skip


def _layout(operand: Array) -> tuple[bytes, int]:
    """Whether BLAS must turn an operand, and the step from one contiguous line to the next."""
    by_row, step = operand.strides[1] == operand.itemsize, max(operand.strides) // operand.itemsize
    return b"N" if by_row else b"T", step
