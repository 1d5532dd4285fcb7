"""Whom and what a row's ratings belong to says something by itself: films that only children rated are alike.

Each column i has a link y_i, and a row expects its vector at the sum of the links of its columns, over the root of
their number (Koren: Factorization Meets the Neighborhood, KDD 2008). Used on both sides, as Rendle, Zhang, Koren do
(On the Difficulty of Evaluating Baselines, 2019): what users rated moves users, by whom items were rated moves items.
"""

from typing import Any

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.core.chunks import in_chunks
from slatewright.core.kernels import kernel
from slatewright.models.ratings.ridge import bounds_of
from slatewright.models.ratings.table import Ratings

STEPS = 5  # of conjugate gradient at each turn, from where the last turn ended


class Links:
    """The ridge regression of the rows' vectors on who is in them, followed while the vectors move.

    ``links`` float32 (n_columns, d) and ``expected`` float32 (n_rows, d), what they say of each row. A row counts by
    its weight, float32 (n_rows,).
    """

    def __init__(
        self, ratings: Ratings, flipped: Ratings, width: int, reg: float, weights: Scores | None = None
    ) -> None:
        self._ratings, self._flipped, self._reg = ratings, flipped, np.float32(reg)
        self._shares = shares_of(ratings)
        self._weights = np.ones_like(self._shares) if weights is None else weights
        self.links = np.zeros((ratings.n_items, width), dtype=np.float32)
        self.expected = np.zeros((ratings.n_users, width), dtype=np.float32)

    def follow(self, vectors: Scores) -> None:
        """A few steps towards the links that explain the vectors float32 (n_rows, d) best.

        They minimise ``sum over rows weight |vector - expected|^2  +  reg |links|^2``.
        """
        residual = self._transposed(vectors - self.expected) - self._reg * self.links
        direction, square = residual.copy(), np.square(residual).sum(axis=0)
        for _ in range(STEPS):
            image = self._of_rows(direction)
            curvature = self._weights @ np.square(image) + self._reg * np.square(direction).sum(axis=0)
            step = _ratio(square, curvature)
            self.links += step * direction
            self.expected += step * image
            residual -= step * (self._transposed(image) + self._reg * direction)
            before, square = square, np.square(residual).sum(axis=0)
            direction = residual + _ratio(square, before) * direction

    def _of_rows(self, links: Scores) -> Scores:
        return sums(self._ratings, links) * self._shares[:, None]

    def _transposed(self, rows: Scores) -> Scores:
        return sums(self._flipped, rows * (self._weights * self._shares)[:, None])


def shares_of(ratings: Ratings) -> Scores:
    """1 / the root of the number of ratings of each row, float32 (n_users,); 1 for a row without."""
    shares: Scores = (1 / np.sqrt(np.maximum(ratings.lengths(), 1))).astype(np.float32)
    return shares


def linked(ratings: Ratings, links: Scores) -> Scores:
    """What links float32 (n_items, d) say of each row, float32 (n_users, d)."""
    return sums(ratings, links) * shares_of(ratings)[:, None]


def sums(ratings: Ratings, vectors: Scores) -> Scores:
    """The sum of the vectors of each row's columns, float32 (n_users, d)."""
    out = np.empty((ratings.n_users, vectors.shape[1]), dtype=np.float32)
    table = np.ascontiguousarray(vectors)
    bounds = bounds_of(ratings.offsets, vectors.shape[1])
    in_chunks(lambda begin, end: _sums(ratings.offsets, ratings.items, table, out, begin, end), bounds)
    return out


def _ratio(above: Array, below: Array) -> Scores:
    """Above over below, 0 where below is 0: a column that is solved stays where it is."""
    ratio: Scores = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    return ratio


@kernel(fastmath=True)
def _sums(offsets: Any, items: Any, vectors: Any, out: Any, begin: int, end: int) -> None:
    for row in range(begin, end):
        total = out[row]
        total[:] = 0
        for at in range(offsets[row], offsets[row + 1]):
            one = vectors[items[at]]
            for k in range(len(total)):
                total[k] += one[k]
