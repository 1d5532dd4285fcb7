"""Many small ridge regressions, one for each row of ratings, each solved exactly or sampled from.

Row u with ratings r_ui of columns i, whose vectors are a_i and levels o_i, has the vector x that minimises

    sum_i (r_ui - o_i - x.a_i)^2  +  s_u (x - m_u)' P (x - m_u)

P is the precision that all rows share, s_u scales it, m_u is where the row would be without ratings. Read as a
posterior with noise of deviation t it also has a sample: the minimiser plus t times a normal draw with covariance
A^-1, where A is the matrix of the normal equations.
"""

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import numpy as np

from slatewright.core.arrays import Array, Offsets, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.core.knobs import Knob
from slatewright.models.ratings.table import Ratings

NO_NOISE = np.empty((0, 0), dtype=np.float32)
ROW_RATINGS = 3  # factorising a row's matrix costs about as much as d / ROW_RATINGS of its ratings
RegExponent: TypeAlias = Annotated[
    float, Knob("0: one penalty for all; 1: the penalty grows with the number of ratings", least=0, most=1)
]


@dataclass(frozen=True, slots=True)
class Columns:
    """What a row is regressed on: ``vectors`` float32 (n, d) and ``levels`` float32 (n,)."""

    vectors: Scores
    levels: Scores


@dataclass(frozen=True, slots=True)
class Prior:
    """What a row is without ratings: ``means`` float32 (rows, d), ``precision`` float32 (d, d) in units of the noise,
    times ``strengths`` float32 (rows,)."""

    means: Scores
    precision: Scores
    strengths: Scores


def strengths_of(lengths: Offsets, exponent: float) -> Scores:
    """How the penalty of a row grows with its number of ratings, float32; 1 for a row without."""
    grown: Scores = (np.maximum(lengths, 1).astype(np.float64) ** exponent).astype(np.float32)
    return grown


def solve_rows(ratings: Ratings, columns: Columns, prior: Prior, out: Scores, noise: Scores = NO_NOISE) -> None:
    """Fill ``out`` float32 (rows, d), which may not be the columns' own array, with the minimiser of each row.

    With ``noise`` float32 (rows, d), standard normal draws times the deviation of the noise, with a sample of it.
    """
    width = columns.vectors.shape[1]

    def task(begin: int, end: int) -> None:
        _rows(
            ratings.offsets,
            ratings.items,
            ratings.values,
            columns.vectors,
            columns.levels,
            prior.means,
            prior.precision,
            prior.strengths,
            noise,
            out,
            begin,
            end,
        )

    in_chunks(task, bounds_of(ratings.offsets, width))


def bounds_of(offsets: Offsets, width: int) -> Offsets:
    """Chunks of rows that take about the same time."""
    rows = np.arange(len(offsets), dtype=np.int64)
    return chunks_of((offsets - offsets[0] + rows * (1 + width // ROW_RATINGS)) * (1 + width * width // 64))


@kernel(fastmath=True)
def _rows(
    offsets: Array,
    items: Array,
    values: Any,
    vectors: Any,
    levels: Any,
    means: Any,
    precision: Any,
    strengths: Any,
    noise: Any,
    out: Any,
    begin: int,
    end: int,
) -> None:
    width = vectors.shape[1]
    matrix = np.empty((width, width), np.float32)
    for row in range(begin, end):
        x = out[row]
        _start(precision, means[row], strengths[row], matrix, x)
        _add(items, values, offsets[row], offsets[row + 1], vectors, levels, matrix, x)
        _factorise(matrix)
        for i in range(width):  # L y = b
            total = x[i]
            for j in range(i):
                total -= matrix[i, j] * x[j]
            x[i] = total / matrix[i, i]
        if len(noise):
            for i in range(width):
                x[i] += noise[row, i]
        for i in range(width - 1, -1, -1):  # L' x = y, by columns so that the matrix is read along its rows
            x[i] /= matrix[i, i]
            for j in range(i):
                x[j] -= matrix[i, j] * x[i]


@kernel(fastmath=True, inline=True)
def _start(precision: Any, mean: Any, strength: Any, matrix: Any, right: Any) -> None:
    """The prior's part of the normal equations."""
    for i in range(len(right)):
        total = np.float32(0)
        for j in range(len(right)):
            total += precision[i, j] * mean[j]
        right[i] = strength * total
        for j in range(i + 1):
            matrix[i, j] = strength * precision[i, j]


@kernel(fastmath=True, inline=True)
def _add(items: Any, values: Any, first: int, last: int, vectors: Any, levels: Any, matrix: Any, right: Any) -> None:
    """The ratings' part: four at a time, so that the matrix is read and written a quarter as often."""
    at = first
    while at + 4 <= last:
        i0, i1, i2, i3 = items[at], items[at + 1], items[at + 2], items[at + 3]
        a, b, c, d = vectors[i0], vectors[i1], vectors[i2], vectors[i3]
        e0, e1 = values[at] - levels[i0], values[at + 1] - levels[i1]
        e2, e3 = values[at + 2] - levels[i2], values[at + 3] - levels[i3]
        for i in range(len(right)):
            x0, x1, x2, x3 = a[i], b[i], c[i], d[i]
            right[i] += e0 * x0 + e1 * x1 + e2 * x2 + e3 * x3
            for j in range(i + 1):
                matrix[i, j] += x0 * a[j] + x1 * b[j] + x2 * c[j] + x3 * d[j]
        at += 4
    while at < last:
        one = vectors[items[at]]
        error = values[at] - levels[items[at]]
        for i in range(len(right)):
            right[i] += error * one[i]
            for j in range(i + 1):
                matrix[i, j] += one[i] * one[j]
        at += 1


@kernel(fastmath=True, inline=True)
def _factorise(matrix: Any) -> None:
    """Cholesky in place, in the lower triangle.

    A pivot of which only rounding is left starts anew: divided by its root, the rounding of its column would grow.
    """
    for i in range(len(matrix)):
        largest = matrix[i, i]
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= matrix[i, k] * matrix[j, k]
            if i == j:
                matrix[i, i] = np.sqrt(total if total > np.float32(1e-6) * largest else largest)
            else:
                matrix[i, j] = total / matrix[j, j]
