"""The histories of training users: those most like the history that asks vote with what they took."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Arrays, Index, Offsets, Scores, Weights
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories
from slatewright.models.fading import faded_as_stored
from slatewright.models.knn.neighbors import (
    Likeness,
    Lists,
    compare,
    likeness_of,
    longest_of,
    meet,
    squared_lengths,
)
from slatewright.models.knn.selecting import best_of, room_for
from slatewright.models.model import Known, Model
from slatewright.models.topk import LOWEST, top_k

SIMILARITIES = ("cosine", "jaccard", "pearson")


@dataclass(frozen=True)
class UserVotes(Model):
    """User v took ``user_items`` int32 with ``user_weights`` float32 from ``user_offsets[v]`` int64 (n_users + 1,) on.

    The same by item, to be compared: ``item_offsets`` int64 (n_items + 1,), ``item_users`` int32, ``item_weights``
    float32. An event of the history that asks weighs ``item_factors`` float32 (n_items,) times its weight. Users have
    ``lengths``, ``shifts`` and ``gains`` float32 (n_users,), see ``Likeness``. ``rules`` float64 (3,): the number of
    neighbours, the shrinkage, which of ``SIMILARITIES``. A sum of votes is multiplied by ``vote_factors`` float32
    (n_items,); ``prior`` float32 (n_items,) answers a history that says nothing. An event fades by ``half_life_days``
    float64 (1,), infinite: never, before ``as_of`` int64 (1,).
    """

    user_offsets: Offsets
    user_items: Index
    user_weights: Weights
    item_offsets: Offsets
    item_users: Index
    item_weights: Weights
    item_factors: Weights
    lengths: Scores
    shifts: Scores
    gains: Scores
    rules: Array
    vote_factors: Scores
    prior: Scores
    half_life_days: Array
    as_of: Array
    shape: ClassVar[str] = "user_votes"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        asked = self._weighed(histories).matrix(len(self.prior))
        out = np.zeros((len(histories), len(self.prior)), dtype=np.float32)
        own, likeness, wanted = self._own(asked), self._likeness(), int(self.rules[0])
        by_item, by_user = self._by_item(), Lists(self.user_offsets, self.user_items, self.user_weights)
        rows = Lists.of(asked)

        def vote(begin: int, end: int) -> None:
            part = Lists(rows.bounds[begin : end + 1], rows.members, rows.numbers)
            lengths, shifts = own.lengths[begin:end], own.shifts[begin:end]
            _vote(part, lengths, shifts, by_item, likeness, by_user, wanted, out[begin:end])

        in_chunks(vote, chunks_of(self._work(rows)))
        out *= self.vote_factors
        out[histories.lengths() == 0] = self.prior
        return out if items is None else np.take(out, items, axis=1)

    def neighbors_of(self, history: Histories) -> tuple[Index, Scores]:
        """The training users most like one history, and how much: int32 and float32 (neighbours,), in no order."""
        asked = self._weighed(history).matrix(len(self.prior))
        own, rows = self._own(asked), Lists.of(asked)
        most = min(int(self.rules[0]), len(self.lengths))
        members, numbers = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.float32)
        count = _neighbors(
            rows.members, rows.numbers, own.lengths[0], own.shifts[0], self._by_item(), self._likeness(),
            numbers, members,
        )  # fmt: skip
        return members[:count], numbers[:count]

    def _weighed(self, histories: Histories) -> Histories:
        """The histories with faded weights that can be compared with those of training."""
        known = faded_as_stored(histories, self.as_of, self.half_life_days)
        return Histories(known.offsets, known.items, known.weights * self.item_factors[known.items], known.times)

    def _own(self, asked: sparse.csr_matrix) -> Likeness:
        return likeness_of(asked, SIMILARITIES[int(self.rules[2])], float(self.rules[1]))

    def _likeness(self) -> Likeness:
        joint = SIMILARITIES[int(self.rules[2])] == "jaccard"
        return Likeness(self.lengths, self.shifts, self.gains, np.float32(self.rules[1]), joint)

    def _by_item(self) -> Lists:
        return Lists(self.item_offsets, self.item_users, self.item_weights)

    def _work(self, rows: Lists) -> Offsets:
        """What the histories before each cost, int64 (n + 1,): the audiences of their items, and the votes."""
        audiences = np.diff(self.item_offsets)[rows.members]
        votes = int(self.rules[0]) * (len(self.user_items) // max(len(self.lengths), 1) + 1)
        work: Offsets = np.concatenate([[0], np.cumsum(audiences)])[rows.bounds]
        return work + votes * np.arange(len(work))

    def arrays(self) -> Arrays:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "known"}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """By the cosine of who took them."""
        shape = (len(self.prior), len(self.lengths))
        by_item = sparse.csr_matrix((self.item_weights, self.item_users, self.item_offsets), shape=shape)
        lengths = np.sqrt(np.maximum(squared_lengths(by_item), 1e-30)).astype(np.float32)
        scores = (by_item[items] @ by_item.T).toarray() / lengths / lengths[items][:, None]
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.prior) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        """A neighbour's vote is shared out among the events in which the two agree."""
        users, likeness = self.neighbors_of(history)
        shape = (len(self.lengths), len(self.prior))
        neighbors = sparse.csr_matrix((self.user_weights, self.user_items, self.user_offsets), shape=shape)[users]
        event_items = history.items
        agreed = neighbors[:, event_items].toarray().astype(np.float64) * self.item_factors[event_items]
        agreed -= self.shifts[users][:, None].astype(np.float64) / np.sqrt(max(len(self.prior), 1))
        agreed *= self._weighed(history).weights
        votes = neighbors[:, [item]].toarray().ravel() * likeness * self.vote_factors[item]
        sums = agreed.sum(axis=1)
        parts: Scores = (votes / np.where(sums == 0, 1, sums) @ agreed).astype(np.float32)
        return parts


@kernel(fastmath=True)
def _vote(
    rows: Lists, lengths: Any, shifts: Any, by_item: Lists, likeness: Likeness, by_user: Lists, wanted: Any, out: Any
) -> None:
    """Add the votes of each row's neighbours to ``out`` float32 (rows, n_items)."""
    n_users = len(likeness.lengths)
    sums, found = np.zeros(n_users, dtype=np.float32), np.empty(n_users, dtype=np.float32)
    others = np.empty(n_users + longest_of(by_item.bounds) + 1, dtype=np.int32)
    room, most = room_for(n_users), min(wanted, n_users)
    numbers, members = np.empty(most, dtype=np.float32), np.empty(most, dtype=np.int32)
    for row in range(len(out)):
        begin, end = rows.bounds[row], rows.bounds[row + 1]
        size = meet(rows.members[begin:end], rows.numbers[begin:end], by_item, sums, others)
        compare(lengths[row], shifts[row], others, size, sums, likeness, found)
        count = best_of(others, found, size, most, room, numbers, members)
        for at in range(count):
            user, likes = members[at], numbers[at]
            for entry in range(by_user.bounds[user], by_user.bounds[user + 1]):
                out[row, by_user.members[entry]] += likes * by_user.numbers[entry]


@kernel(fastmath=True)
def _neighbors(
    items: Any, weights: Any, length: Any, shift: Any, by_item: Lists, likeness: Likeness, numbers: Any,
    members: Any,
) -> Any:  # fmt: skip
    """The neighbours of one history, as ``best_of``."""
    n_users = len(likeness.lengths)
    sums, found = np.zeros(n_users, dtype=np.float32), np.empty(n_users, dtype=np.float32)
    others = np.empty(n_users + longest_of(by_item.bounds) + 1, dtype=np.int32)
    size = meet(items, weights, by_item, sums, others)
    compare(length, shift, others, size, sums, likeness, found)
    return best_of(others, found, size, len(numbers), room_for(n_users), numbers, members)
