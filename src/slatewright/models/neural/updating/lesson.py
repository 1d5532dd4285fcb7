"""What an update learns, and the events it is judged by."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Mask, Offsets, Scores
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.pairs.drawing import taken_pairs
from slatewright.models.neural.sequences.held_out import HeldOut

MOST_JUDGED = 2_000  # users of older and of newer events: a standard error of .01 or less, and seconds to judge


@dataclass(frozen=True, slots=True)
class Lesson:
    """``histories`` of all users without what is held out, of which the events of ``recent`` and ``replayed`` teach.

    Both masks are bool (events,). ``older`` and ``newer`` are the latest event before ``since`` of some users, and
    the latest one after it. CSR (n_users, n_items): ``taken`` is everything but ``newer``, so that no older event is
    ever taught as not taken; ``later`` is everything from ``since`` on.
    """

    histories: Histories
    recent: Mask
    replayed: Mask
    older: HeldOut
    newer: HeldOut
    taken: sparse.csr_matrix
    later: sparse.csr_matrix

    @classmethod
    def of(cls, dataset: Dataset, since: int, judged_share: float, rng: np.random.Generator) -> Self:
        """From ``since`` on all is recent; nothing is replayed yet. Events without a weight above 0 do not count.

        Of the users with at least two older events, of which the latest was not repeated, and of those with a recent
        event and another, ``judged_share`` are drawn.
        """
        histories = dataset.histories()
        histories = histories.only(histories.weights > 0)
        later = histories.only(histories.times >= since).matrix(dataset.n_items)
        starts, ends = histories.offsets[:-1], histories.offsets[1:]
        everybody = np.arange(len(histories), dtype=np.int32)
        first = histories.first_from(everybody, np.full(len(histories), since, dtype=np.int64))
        old_users = _drawn((first - starts > 1) & ~_repeated(later, histories.items, first - 1), judged_share, rng)
        new_users = _drawn((ends > first) & (ends - starts > 1), judged_share, rng)
        old, new = first[old_users] - 1, ends[new_users] - 1
        kept, taken = np.ones((2, len(histories.items)), dtype=np.bool_)
        kept[old] = kept[new] = taken[new] = False
        left = histories.only(kept)
        recent: Mask = left.times >= since
        older = HeldOut(left.only(~recent).take(old_users), histories.items[old])
        newer = HeldOut(left.take(new_users), histories.items[new])
        known = histories.only(taken).matrix(dataset.n_items)
        return cls(left, recent, np.zeros_like(recent), older, newer, known, later)

    def replaying(self, share: float, rng: np.random.Generator, *, whole_users: bool) -> Self:
        """The same, in which ``share`` of what teaches is older, as far as there is so much.

        Events are drawn one by one, or with ``whole_users`` all that a user did before ``since``, until it is enough.
        """
        n = round(int(self.recent.sum()) * share / (1 - share))
        older = rng.permutation(np.flatnonzero(~self.recent))
        if whole_users:
            place = rng.permutation(len(self.histories))
            older = np.sort(older)
            older = older[np.argsort(place[self.owners[older]], kind="stable")]
        replayed = np.zeros_like(self.recent)
        replayed[older[:n]] = True
        return replace(self, replayed=replayed)

    def without_later(self, score: Callable[[Histories], Scores]) -> Callable[[Histories], Scores]:
        """Scores in which nothing that a history's owner took later stands in the way of what was taken before."""

        def scores_of(histories: Histories) -> Scores:
            scores = score(histories)
            if histories.owners is not None:
                scores[self.later[histories.owners].nonzero()] = -np.inf
            return scores

        return scores_of

    def samples(self, n_items: int) -> Samples:
        """What teaches as pairs, beside what is seen of histories then and what was taken."""
        parts = self.histories.only(self.teaches).matrix(n_items), self.histories.matrix(n_items), self.taken
        return Samples(*(taken_pairs(one)[0] for one in parts))

    @property
    def teaches(self) -> Mask:
        """Which events are learned, bool (events,)."""
        return self.recent | self.replayed

    @property
    def owners(self) -> Offsets:
        """Whose each event is, int64 (events,)."""
        return np.repeat(np.arange(len(self.histories)), self.histories.lengths())


def _repeated(later: sparse.csr_matrix, items: Index, at: Offsets) -> Array:
    """Whether each user took the item of the event ``at`` once more: bool (n_users,)."""
    if not len(items):
        return np.zeros(len(at), dtype=np.bool_)
    repeated: Array = np.asarray(later[np.arange(len(at)), items[at]]).ravel() > 0
    return repeated


def _drawn(able: Array, share: float, rng: np.random.Generator) -> Index:
    """A share of the users that are able, ``MOST_JUDGED`` at most, in order."""
    users = np.flatnonzero(able)
    drawn: Index = np.sort(rng.permutation(users)[: min(round(share * len(users)), MOST_JUDGED)]).astype(np.int32)
    return drawn
