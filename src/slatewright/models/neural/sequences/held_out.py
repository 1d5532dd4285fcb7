"""Latest events that training does not see, to judge it by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np

from slatewright.core.arrays import Index, Mask, Scores
from slatewright.data.histories import Histories

CUT = 10  # NDCG@10
BLOCK = 256  # histories scored at once


@dataclass(frozen=True, slots=True)
class HeldOut:
    """``histories`` without their latest event, and that event's item in ``items`` int32 (n,)."""

    histories: Histories
    items: Index

    @classmethod
    def of(cls, histories: Histories, share: float, rng: np.random.Generator) -> tuple[Self, Histories]:
        """The latest event of a share of the users with at least two, drawn; and what is left to train on."""
        able = np.flatnonzero(histories.lengths() > 1)
        users = np.sort(rng.permutation(able)[: round(share * len(able))]).astype(np.int32)
        last = histories.offsets[users + 1] - 1
        kept: Mask = np.ones(len(histories.items), dtype=np.bool_)
        kept[last] = False
        left = histories.only(kept)
        return cls(left.take(users), histories.items[last]), left

    @classmethod
    def nothing(cls, histories: Histories) -> Self:
        """No event is held out; of ``histories`` only the columns count."""
        nobody = np.empty(0, dtype=np.int32)
        return cls(histories.take(nobody), nobody)

    def judged(self, score: Callable[[Histories], Scores]) -> float | None:
        """NDCG@10 of the held-out items among all that their history does not hold; None where nothing is held out.

        ``score`` gives a fresh array of the scores of all items for histories, float32 (n, n_items).
        """
        if not len(self.items):
            return None
        gains = []
        for start in range(0, len(self.items), BLOCK):
            block = np.arange(start, min(start + BLOCK, len(self.items)), dtype=np.int32)
            histories = self.histories.take(block)
            ranks = _ranks(score(histories), histories, self.items[block])
            gains.append(np.where(ranks < CUT, 1 / np.log2(ranks + 2), 0))
        return float(np.concatenate(gains).mean())


def _ranks(scores: Scores, histories: Histories, wanted: Index) -> Index:
    """How many items, other than those of the history, do not score lower than the wanted one, int (n,).

    A score that is no number beats all, and loses to all: a model that diverged is not the best there was.
    """
    rows = np.arange(len(wanted))
    mine = scores[rows, wanted]
    scores[np.repeat(rows, histories.lengths()), histories.items] = -np.inf
    scores[rows, wanted] = -np.inf
    ranks: Index = (~(scores < mine[:, None])).sum(axis=1)
    return ranks
