"""Half a sweep of alternating least squares on ratings: a few conjugate-gradient steps for each row, from where it is.

The vectors of a row's columns are gathered once and lie in the cache while the steps go over them.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.chunks import in_chunks
from slatewright.core.kernels import kernel
from slatewright.models.ratings.ridge import Columns, bounds_of
from slatewright.models.ratings.table import Ratings

SOLVED = 1e-8  # of the first squared residual


@dataclass(frozen=True, slots=True)
class Pull:
    """What holds a row back: ``penalties`` float32 (d,), ``strengths`` float32 (n_rows,), and ``means`` float32
    (n_rows, d), where it is pulled to; none: to 0."""

    penalties: Scores
    strengths: Scores
    means: Scores = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))


def improve_rows(ratings: Ratings, columns: Columns, pull: Pull, rows: Scores, steps: int) -> None:
    """Move ``rows`` float32 (n_rows, d) towards the minimum of

    sum_i (r_ui - o_i - x.a_i)^2  +  s_u sum_k penalty_k (x_k - m_uk)^2
    """
    longest = int(ratings.lengths().max(initial=0))

    def task(begin: int, end: int) -> None:
        _improve(
            ratings.offsets,
            ratings.items,
            ratings.values,
            columns.vectors,
            columns.levels,
            pull.penalties,
            pull.strengths,
            pull.means,
            rows,
            steps,
            longest,
            begin,
            end,
        )

    in_chunks(task, bounds_of(ratings.offsets, rows.shape[1]))


@kernel(fastmath=True)
def _improve(
    offsets: Any,
    items: Any,
    values: Any,
    vectors: Any,
    levels: Any,
    penalties: Any,
    strengths: Any,
    means: Any,
    rows: Any,
    steps: int,
    longest: int,
    begin: int,
    end: int,
) -> None:
    width = rows.shape[1]
    panel = np.empty((longest, width), np.float32)
    errors = np.empty(longest, np.float32)
    inverse, residual, direction, image = np.empty((4, width), np.float32)
    for row in range(begin, end):
        x, first = rows[row], offsets[row]
        count = offsets[row + 1] - first
        for k in range(width):
            inverse[k] = strengths[row] * penalties[k]
            residual[k] = inverse[k] * ((means[row, k] if len(means) else np.float32(0)) - x[k])
        for at in range(count):
            item = items[first + at]
            one = panel[at]
            product = np.float32(0)
            for k in range(width):
                one[k] = vectors[item, k]
                product += one[k] * x[k]
                inverse[k] += one[k] * one[k]
            errors[at] = values[first + at] - levels[item] - product
        _toward(panel, errors, count, residual)
        _descend(panel, count, (strengths[row], penalties, inverse), (x, residual, direction, image), steps)


@kernel(fastmath=True)
def _descend(panel: Any, count: int, matrix: Any, vectors: Any, steps: int) -> None:
    """Preconditioned conjugate gradient; ``inverse`` comes as the diagonal of the matrix."""
    strength, penalties, inverse = matrix
    x, residual, direction, image = vectors
    products = np.empty(count, np.float32)
    square = np.float32(0)
    for k in range(len(x)):
        inverse[k] = 1 / inverse[k]
        direction[k] = inverse[k] * residual[k]
        square += direction[k] * residual[k]
    enough = square * np.float32(SOLVED)
    for _ in range(steps):
        if square <= enough:
            break
        curvature = np.float32(0)
        for at in range(count):
            one = panel[at]
            product = np.float32(0)
            for k in range(len(x)):
                product += one[k] * direction[k]
            products[at] = product
        for k in range(len(x)):
            image[k] = strength * penalties[k] * direction[k]
        _toward(panel, products, count, image)
        for k in range(len(x)):
            curvature += image[k] * direction[k]
        step = square / curvature
        before = square
        square = np.float32(0)
        for k in range(len(x)):
            x[k] += step * direction[k]
            residual[k] -= step * image[k]
            square += inverse[k] * residual[k] * residual[k]
        again = square / before
        for k in range(len(x)):
            direction[k] = inverse[k] * residual[k] + again * direction[k]


@kernel(fastmath=True)
def _toward(panel: Any, amounts: Any, count: int, out: Any) -> None:
    """Add the panel's rows, each times its amount, to ``out``."""
    for at in range(count):
        one, amount = panel[at], amounts[at]
        for k in range(len(out)):
            out[k] += amount * one[k]
