"""Rating factors: every item has a level and a vector; a user's vector, with the user's own level, is folded in.

Several sets of factors may stand side by side (samples of a posterior, members of an ensemble): a prediction is the
mean of theirs.
"""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Scores
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.products import products
from slatewright.models.ratings.links import linked
from slatewright.models.ratings.ridge import Columns, Prior, solve_rows, strengths_of
from slatewright.models.ratings.table import Ratings, Scale, check_pairs, last_rated
from slatewright.models.topk import LOWEST, top_k

BLOCK_NUMBERS = 1 << 23  # numbers of user vectors held at once: 32 MB


@dataclass(frozen=True)
class RatingFactors(Model):
    """Sets s of item ``levels`` float32 (sets, n_items) and ``vectors`` float32 (sets, n_items, 1 + d).

    The first number of every vector is 1, so the first of a user's is the user's level. In standardised units set s
    predicts ``levels[s, i] + x . vectors[s, i]``. The user's x is the ridge regression of the ratings on the vectors:
    without ratings it is ``means`` float32 (sets, 1 + d), from which it is held back by ``precisions`` float32 (sets,
    1 + d, 1 + d) times ``ratings ** exponent``. Where there are ``links`` float32 (sets, n_items or 0, 1 + d), the mean
    moves by their sum over the rated items, divided by the root of their number (Koren 2008, implicit feedback).
    ``scale`` float64 (4,): mean and deviation of the training ratings, the lowest and the highest.
    """

    levels: Scores
    vectors: Scores
    means: Scores
    precisions: Scores
    links: Scores
    exponent: Array
    scale: Array
    shape: ClassVar[str] = "rating_factors"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        chosen = slice(None) if items is None else items
        users = self.user_factors(histories)
        total = np.tile(self.levels[:, chosen].mean(axis=0), (len(histories), 1))
        for one in range(len(self.levels)):
            total += products(users[one], self.vectors[one, chosen]) / np.float32(len(self.levels))
        return self._scale.outside(total)

    def predict(self, histories: Histories, rows: Index, items: Index) -> Scores:
        """The rating that history ``rows[p]`` would give ``items[p]``, float32 (pairs,), within the scale.

        Raises:
            BadInput: a row or an item that does not exist.
        """
        check_pairs(rows, items, len(histories), self.levels.shape[1])
        total = np.zeros(len(rows), dtype=np.float32)
        step = max(1, BLOCK_NUMBERS // self.means.size)
        block = rows // step
        for first in range(0, len(histories), step):
            part = np.flatnonzero(block == first // step)
            chosen = np.arange(first, min(first + step, len(histories)), dtype=np.int32)
            users = self.user_factors(histories.take(chosen))
            total[part] = _pairs(users, rows[part] - first, self.levels, self.vectors, items[part])
        return self._scale.clipped(self._scale.outside(total))

    def user_factors(self, histories: Histories) -> Scores:
        """The vectors of each history, float32 (sets, n, 1 + d); the first number is the user's level."""
        ratings = self._rated(histories)
        strengths = strengths_of(ratings.lengths(), float(self.exponent[0]))
        users = np.empty((len(self.means), len(histories), self.means.shape[1]), dtype=np.float32)
        for one, out in enumerate(users):
            prior = Prior(self._means_of(ratings, one), self.precisions[one], strengths)
            solve_rows(ratings, Columns(self.vectors[one], self.levels[one]), prior, out)
        return users

    @property
    def _scale(self) -> Scale:
        return Scale.read(self.scale)

    def _rated(self, histories: Histories) -> Ratings:
        return Ratings.read(histories, self.levels.shape[1], self._scale)

    def _means_of(self, ratings: Ratings, one: int) -> Scores:
        """Where each user is before the ratings are looked at, float32 (n, 1 + d)."""
        means = np.tile(self.means[one], (ratings.n_users, 1))
        if self.links.shape[1]:
            means += linked(ratings, self.links[one])
        return means

    def arrays(self) -> Arrays:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "known"}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        tastes = self.vectors[:, :, 1:]
        lengths = np.sqrt(np.square(tastes).sum(axis=(0, 2)))
        scores = np.zeros((len(items), len(lengths)), dtype=np.float32)
        for one in tastes:
            unit = np.ascontiguousarray(one / np.maximum(lengths, np.finfo(np.float32).tiny)[:, None])
            scores += products(unit[items], unit)
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(lengths) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        ratings = self._rated(history)
        parts = sum(self._parts(ratings, item, one) for one in range(len(self.levels)))
        told = np.zeros(len(history.items), dtype=np.float32)
        told[last_rated(history, ratings.n_items)] = parts * (self._scale.spread / len(self.levels))
        return told

    def _parts(self, ratings: Ratings, item: int, one: int) -> Array:
        """How much each rating moves the standardised score in one set, float64 (ratings,)."""
        rows = self.vectors[one, ratings.items].astype(np.float64)
        precision = self.precisions[one] * float(strengths_of(ratings.lengths(), float(self.exponent[0]))[0])
        toward = np.linalg.solve(rows.T @ rows + precision, self.vectors[one, item].astype(np.float64))
        parts: Array = (rows @ toward) * (ratings.values - self.levels[one, ratings.items])
        if self.links.shape[1]:
            moves = self.links[one, ratings.items].astype(np.float64) / np.sqrt(max(1, len(ratings)))
            parts += moves @ (precision @ toward)
        return parts


@kernel(fastmath=True)
def _pairs(users: Any, rows: Any, levels: Any, vectors: Any, items: Any) -> Any:
    """The mean over the sets of the standardised score of each pair, float32 (pairs,)."""
    out = np.zeros(len(rows), np.float32)
    for one in range(len(levels)):
        for pair in range(len(rows)):
            x, y = users[one, rows[pair]], vectors[one, items[pair]]
            total = levels[one, items[pair]]
            for k in range(len(x)):
                total += x[k] * y[k]
            out[pair] += total
    for pair in range(len(rows)):
        out[pair] /= np.float32(len(levels))
    return out
