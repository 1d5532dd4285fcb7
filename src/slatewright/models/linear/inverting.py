"""The inverse of a symmetric positive definite matrix, in place, at the speed of matrix products.

Block after block is *swept*: the block is inverted by LAPACK, and every pair of other rows and columns is corrected by
one product (Goodnight: A Tutorial on the SWEEP Operator, The American Statistician 1979). That is n³ multiplications
and additions, as many as a Cholesky factorisation and the inverse made of it, nearly all of them in products of square
tiles. The tiles depend on each other only from block to block, so plain threads share them: no thread waits for others
inside a product, which on a busy machine is most of what LAPACK's own threads do. Only the lower triangle is touched.
"""

import ctypes
from typing import Any

import numpy as np
from numba.extending import get_cython_function_address
from scipy.linalg import lapack

from slatewright.core.arrays import Array
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.kernels import single_threaded_blas

BLOCK = 256  # rows swept at once
TILE = 768  # rows and columns of one product


class NotPositiveDefinite(Exception):
    """The matrix has no Cholesky factor in this precision."""


def sweep(matrix: Array) -> None:
    """Put the negative inverse of a matrix into its place; float32 or float64 (n, n), rows contiguous.

    Only the lower triangle is read and written.

    Raises:
        NotPositiveDefinite: a pivot is not above 0; the matrix is then half overwritten.
    """
    tiles = _tiles(len(matrix))
    column, swept = (np.zeros((len(matrix), min(BLOCK, len(matrix))), dtype=matrix.dtype) for _ in range(2))
    with single_threaded_blas():
        for begin in range(0, len(matrix), BLOCK):
            end = min(begin + BLOCK, len(matrix))
            inverse = _inverse(matrix[begin:end, begin:end])
            column, swept = column[:, : end - begin], swept[:, : end - begin]
            _sweep_column(matrix, begin, inverse, column, swept)
            _correct(matrix, swept, column, tiles)
            matrix[begin:end, begin:end] = -inverse


def _inverse(block: Array) -> Array:
    """The inverse of a small block, both triangles."""
    single = block.dtype == np.float32
    factor, inverse = (lapack.spotrf, lapack.spotri) if single else (lapack.dpotrf, lapack.dpotri)
    lower, failed = factor(np.tril(block), lower=1, clean=0)
    if failed:
        raise NotPositiveDefinite
    result: Array = np.tril(inverse(lower, lower=1)[0])
    return result + np.tril(result, -1).T


def _sweep_column(matrix: Array, begin: int, inverse: Array, column: Array, swept: Array) -> None:
    """Copy the columns of a block to ``column`` and put ``swept``, they times the inverse, into their place.

    Both are (n, block), zero in the rows of the block. Above it the columns are read from its rows: they mirror them.
    """
    end = begin + len(inverse)

    def above(first: int, last: int) -> None:
        column[first:last] = matrix[begin:end, first:last].T
        np.matmul(column[first:last], inverse, out=swept[first:last])
        matrix[begin:end, first:last] = swept[first:last].T

    def below(first: int, last: int) -> None:
        column[end + first : end + last] = matrix[end + first : end + last, begin:end]
        np.matmul(column[end + first : end + last], inverse, out=swept[end + first : end + last])
        matrix[end + first : end + last, begin:end] = swept[end + first : end + last]

    column[begin:end] = swept[begin:end] = 0
    in_chunks(above, equal_chunks(begin, BLOCK**2))
    in_chunks(below, equal_chunks(len(matrix) - end, BLOCK**2))


def _tiles(n: int) -> list[tuple[int, int]]:
    """Where the tiles of the lower triangle begin."""
    return [(row, column) for row in range(0, n, TILE) for column in range(0, row + 1, TILE)]


def _correct(matrix: Array, swept: Array, column: Array, tiles: list[tuple[int, int]]) -> None:
    """matrix -= swept @ column.T, in place, in the given tiles."""
    subtract = _Subtract(matrix.dtype)

    def correct(begin: int, end: int) -> None:
        for row, start in tiles[begin:end]:
            subtract(
                matrix[row : row + TILE, start : start + TILE], swept[row : row + TILE], column[start : start + TILE]
            )

    in_chunks(correct, np.arange(len(tiles) + 1))


class _Subtract:
    """``tile -= rows @ others.T`` by the matrix product of BLAS, which NumPy offers only with a copy of the tile.

    BLAS counts in columns, so it is told to compute the transpose: tile.T -= others @ rows.T.
    """

    def __init__(self, dtype: Any) -> None:
        single = dtype == np.float32
        self._number = ctypes.c_float if single else ctypes.c_double
        address = get_cython_function_address("scipy.linalg.cython_blas", "sgemm" if single else "dgemm")
        self._gemm = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 13)(address)

    def __call__(self, tile: Array, rows: Array, others: Array) -> None:
        height, width, depth = (ctypes.byref(ctypes.c_int(size)) for size in (*tile.shape, rows.shape[1]))
        leading = [ctypes.byref(ctypes.c_int(one.strides[0] // one.itemsize)) for one in (others, rows, tile)]
        minus_one, one = (ctypes.byref(self._number(value)) for value in (-1, 1))
        self._gemm(
            b"T", b"N", width, height, depth, minus_one, others.ctypes.data, leading[0],
            rows.ctypes.data, leading[1], one, tile.ctypes.data, leading[2],
        )  # fmt: skip
