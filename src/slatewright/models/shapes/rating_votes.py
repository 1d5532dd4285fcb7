"""The ratings of training users: those who rate most like the history that asks say what they think of an item."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Arrays, Index, Offsets, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories
from slatewright.models.knn.asking import mean_of_best, said_of_all, said_of_pairs, targets_of
from slatewright.models.knn.common_ratings import SIMILARITIES, gather, likeness
from slatewright.models.knn.neighbors import Lists, longest_of, squared_lengths
from slatewright.models.knn.rating_levels import Levels
from slatewright.models.model import Known, Model
from slatewright.models.ratings.table import Ratings, Scale, check_pairs, last_rated
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class RatingVotes(Model):
    """Item i was rated by ``raters`` int32 from ``offsets[i]`` int64 (n_items + 1,) on; ``compared`` float32 is what
    their similarity is taken of, ``deviations`` float32 what they say beyond the ``levels`` float32 (n_items,) of the
    items and their own.

    In standardised units item j is predicted as ``levels[j]``, plus the level of the user, plus the mean deviation of
    the most similar raters of j, weighed by similarity. ``rules`` float64 (5,): how many raters speak, the ratings that
    hold a user's level back, which of ``SIMILARITIES``, the shrinkage, the number of training users. ``scale`` float64
    (4,) as in ``Scale``.
    """

    offsets: Offsets
    raters: Index
    compared: Scores
    deviations: Scores
    levels: Scores
    rules: Array
    scale: Array
    shape: ClassVar[str] = "rating_votes"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        return said_of_all(self._said, histories, items, len(self.levels))

    def predict(self, histories: Histories, rows: Index, items: Index) -> Scores:
        """The rating that history ``rows[p]`` would give ``items[p]``, float32 (pairs,), within the scale.

        Raises:
            BadInput: a row or an item that does not exist.
        """
        check_pairs(rows, items, len(histories), len(self.levels))
        return self._scale.clipped(said_of_pairs(self._said, histories, rows, items))

    def _said(self, histories: Histories, asked: Lists) -> Scores:
        """Predictions, not clipped, of the items each history is asked about, float32, end to end."""
        ratings = Ratings.read(histories, len(self.levels), self._scale)
        deviations, users = self._levels.deviations(ratings)
        said = Lists(ratings.offsets, ratings.items, numbers_of(ratings, deviations, self._kind))
        by_item = Lists(self.offsets, self.raters, self.compared)
        out = np.zeros(int(asked.bounds[-1]), dtype=np.float32)
        audiences = np.diff(self.offsets)
        work = np.concatenate([[0], np.cumsum(audiences[ratings.items])])[ratings.offsets]
        work = work + asked.bounds * (1 + len(self.raters) // max(len(self.levels), 1))
        rules = (int(self.rules[0]), self._kind, np.float32(self.rules[3]), int(self.rules[4]))
        in_chunks(
            lambda begin, end: _speak(
                begin, end, said, by_item, self.deviations, asked, users, self.levels, rules, out
            ),
            chunks_of(work),
        )
        return self._scale.outside(out)

    @property
    def _scale(self) -> Scale:
        return Scale.read(self.scale)

    @property
    def _levels(self) -> Levels:
        return Levels(self.levels, float(self.rules[1]))

    @property
    def _kind(self) -> int:
        return int(self.rules[2])

    def arrays(self) -> Arrays:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "known"}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """By the cosine of what people say of them beyond the usual."""
        by_item = self._by_item()
        lengths = np.sqrt(np.maximum(squared_lengths(by_item), 1e-20)).astype(np.float32)
        scores = (by_item[items] @ by_item.T).toarray() / lengths / lengths[items][:, None]
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.levels) - 1))[:2]

    def _by_item(self) -> sparse.csr_matrix:
        shape = (len(self.levels), int(self.rules[4]))
        return sparse.csr_matrix((self.deviations, self.raters, self.offsets), shape=shape)

    def reasons(self, history: Histories, item: int) -> Scores:
        """What makes the user's level; the rest of the score in equal parts: every rating is how raters were found."""
        ratings = Ratings.read(history, len(self.levels), self._scale)
        told = np.zeros(len(history.items), dtype=np.float32)
        if not len(ratings):
            return told
        left = ratings.values - self.levels[ratings.items]
        level = left / max(len(left) + self.rules[1], 1e-9) if np.isfinite(self.rules[1]) else 0 * left
        score = self._scale.inside(self.score(history, np.array([item], dtype=np.int32))[0])[0]
        rest = score - self.levels[item] - level.sum()
        told[last_rated(history, ratings.n_items)] = (level + rest / len(left)) * self._scale.spread
        return told


def numbers_of(ratings: Ratings, deviations: Scores, kind: int) -> Scores:
    """What a similarity is taken of: the deviations by ``pearson``, else the ratings as they were given."""
    return deviations if SIMILARITIES[kind] == "pearson" else ratings.scale.outside(ratings.values)


@kernel(fastmath=True)
def _speak(
    begin: Any, end: Any, said: Lists, by_item: Lists, deviations: Any, asked: Lists, users: Any, levels: Any,
    rules: Any, out: Any,
) -> None:  # fmt: skip
    """Predict the items ``asked`` of the histories from ``begin`` to ``end``."""
    most, kind, shrinkage, n_users = rules
    sums, others = np.zeros((n_users, 4), dtype=np.float32), np.empty(n_users, dtype=np.int32)
    alike, room = np.zeros(n_users, dtype=np.float32), longest_of(by_item.bounds)
    numbers, members = np.empty(room, dtype=np.float32), np.empty(room, dtype=np.int32)
    keys = np.empty(room, dtype=np.uint64)
    for row in range(begin, end):
        first, last = said.bounds[row], said.bounds[row + 1]
        size = gather(said.members[first:last], said.numbers[first:last], by_item, sums, others)
        for at in range(size):
            alike[others[at]] = likeness(sums[others[at]], kind, shrinkage)
            sums[others[at]] = 0
        targets = targets_of(asked, row)
        for at in range(len(targets)):
            target, count, moved = targets[at], 0, np.float32(0)
            for entry in range(by_item.bounds[target], by_item.bounds[target + 1]):
                if alike[by_item.members[entry]] > 0:
                    numbers[count], members[count] = alike[by_item.members[entry]], entry
                    count += 1
            if count > 0:
                moved = mean_of_best(numbers, members, count, most, deviations, keys)
            out[asked.bounds[row] + at] = levels[target] + users[row] + moved
        for at in range(size):
            alike[others[at]] = 0
