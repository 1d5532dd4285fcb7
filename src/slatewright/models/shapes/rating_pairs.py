"""Similar items whose ratings speak for an item: what the user said about them, in the light of what is usual."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Arrays, Index, Offsets, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories
from slatewright.models.knn.asking import mean_of_best, said_of_all, said_of_pairs, targets_of
from slatewright.models.knn.neighbors import Lists
from slatewright.models.knn.rating_levels import Levels
from slatewright.models.model import Known, Model
from slatewright.models.ratings.table import Ratings, Scale, check_pairs, last_rated
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class RatingPairs(Model):
    """Row i of the CSR matrix (``offsets`` int64 (n_items + 1,), ``neighbors`` int32, ``similarities`` float32) holds
    the items that a rating of item i speaks for.

    In standardised units item j is predicted as ``levels[j]`` (float32 (n_items,)), plus the user's level, plus the
    mean of what the ``rules[0]`` most similar rated items deviate from their levels, weighed by similarity. ``rules``
    float64 (2,): that number, and the ratings that hold a user's level back (infinite: users have none). ``scale``
    float64 (4,) as in ``Scale``.
    """

    offsets: Offsets
    neighbors: Index
    similarities: Scores
    levels: Scores
    rules: Array
    scale: Array
    shape: ClassVar[str] = "rating_pairs"

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
        out = np.zeros(int(asked.bounds[-1]), dtype=np.float32)
        pairs = Lists(self.offsets, self.neighbors, self.similarities)
        said = Lists(ratings.offsets, ratings.items, deviations)
        lengths = np.diff(self.offsets)[ratings.items]
        work = np.concatenate([[0], np.cumsum(2 * lengths)])[ratings.offsets] + asked.bounds
        in_chunks(
            lambda begin, end: _speak(begin, end, said, pairs, asked, users, self.levels, int(self.rules[0]), out),
            chunks_of(work),
        )
        return self._scale.outside(out)

    @property
    def _scale(self) -> Scale:
        return Scale.read(self.scale)

    @property
    def _levels(self) -> Levels:
        return Levels(self.levels, float(self.rules[1]))

    def arrays(self) -> Arrays:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "known"}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        shape = (len(self.levels), len(self.levels))
        scores = sparse.csr_matrix((self.similarities, self.neighbors, self.offsets), shape=shape)[items].toarray()
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.levels) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        """With neighbours among the rated items, their deviations; without, what makes the user's level."""
        ratings = Ratings.read(history, len(self.levels), self._scale)
        left = ratings.values - self.levels[ratings.items]
        alike = np.zeros(len(ratings), dtype=np.float64)
        for at, rated in enumerate(ratings.items):
            row = slice(self.offsets[rated], self.offsets[rated + 1])
            alike[at] = self.similarities[row][self.neighbors[row] == item].sum()
        alike[np.lexsort((np.arange(len(alike)), -alike))[int(self.rules[0]) :]] = 0
        shares = alike / alike.sum() if alike.any() else np.full(len(left), 1 / (max(len(left), 1) + self.rules[1]))
        told = np.zeros(len(history.items), dtype=np.float32)
        told[last_rated(history, ratings.n_items)] = shares * left * self._scale.spread
        return told


@kernel(fastmath=True)
def _speak(
    begin: Any, end: Any, said: Lists, pairs: Lists, asked: Lists, users: Any, levels: Any, most: Any, out: Any
) -> None:
    """Predict the items ``asked`` of the histories from ``begin`` to ``end``."""
    place, counts = np.full(len(levels), -1, dtype=np.int64), np.zeros(len(levels), dtype=np.int64)
    numbers, members = np.empty(1, dtype=np.float32), np.empty(1, dtype=np.int32)
    keys = np.empty(1, dtype=np.uint64)
    for row in range(begin, end):
        targets = targets_of(asked, row)
        first, last = said.bounds[row], said.bounds[row + 1]
        total = _make_room(said.members[first:last], pairs, targets, place, counts)
        if len(numbers) < total:
            numbers, members = np.empty(2 * total, dtype=np.float32), np.empty(2 * total, dtype=np.int32)
            keys = np.empty(2 * total, dtype=np.uint64)
        _note(said.members[first:last], pairs, place, counts, numbers, members)
        for at in range(len(targets)):
            target, moved = targets[at], np.float32(0)
            start, count = place[target], counts[target]
            if count > 0:
                deviations = said.numbers[first:last]
                moved = mean_of_best(numbers[start:], members[start:], count, most, deviations, keys)
            out[asked.bounds[row] + at] = levels[target] + users[row] + moved
        for at in range(len(targets)):
            place[targets[at]] = -1


@kernel(fastmath=True)
def _make_room(items: Any, pairs: Lists, targets: Any, place: Any, counts: Any) -> Any:
    """Count who speaks for each target, and give each a place for so many notes; gives the notes of all."""
    for at in range(len(targets)):
        place[targets[at]], counts[targets[at]] = 0, 0
    for event in range(len(items)):
        for at in range(pairs.bounds[items[event]], pairs.bounds[items[event] + 1]):
            if place[pairs.members[at]] >= 0:
                counts[pairs.members[at]] += 1
    total = 0
    for at in range(len(targets)):
        if counts[targets[at]] > 0:
            place[targets[at]] = total
            total += counts[targets[at]]
            counts[targets[at]] = 0  # from here on: noted; an item that is asked about twice has one place
    return total


@kernel(fastmath=True)
def _note(items: Any, pairs: Lists, place: Any, counts: Any, numbers: Any, members: Any) -> None:
    for event in range(len(items)):
        for at in range(pairs.bounds[items[event]], pairs.bounds[items[event] + 1]):
            target = pairs.members[at]
            if place[target] >= 0:
                numbers[place[target] + counts[target]] = pairs.numbers[at]
                members[place[target] + counts[target]] = event
                counts[target] += 1
