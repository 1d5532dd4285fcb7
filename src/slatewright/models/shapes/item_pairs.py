"""One number per pair of items, sparse: what you did to one item speaks for its neighbours."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Offsets, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.core.sums import added_up
from slatewright.data.histories import Histories
from slatewright.models.fading import faded_as_stored
from slatewright.models.model import Known, Model
from slatewright.models.topk import LOWEST, push, top_k


@dataclass(frozen=True)
class ItemPairs(Model):
    """Row i of the CSR matrix (``offsets`` int64 (n_items + 1,), ``neighbors`` int32, ``similarities`` float32) holds
    the items that item i speaks for; a history's score is the weighted sum of the rows of its items.

    An event of a history fades by ``half_life_days`` (float64 (1,), infinite: never) before ``as_of`` (int64 (1,)).
    ``prior`` float32 (n_items,) answers a history that says nothing.
    """

    offsets: Offsets
    neighbors: Index
    similarities: Scores
    prior: Scores
    half_life_days: Array
    as_of: Array
    shape: ClassVar[str] = "item_pairs"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        known = self._faded(histories)
        out = self._sums(known)
        out[known.lengths() == 0] = self.prior
        return out if items is None else np.take(out, items, axis=1)

    def _sums(self, histories: Histories) -> Scores:
        """The weighted sum of the rows of each history's items, float32 (n, n_items)."""
        out = np.zeros((len(histories), len(self.prior)), dtype=np.float32)
        row_work = len(self.neighbors) // max(len(self.prior), 1) + 1
        in_chunks(
            lambda begin, end: _add(
                histories.offsets[begin : end + 1], histories.items, histories.weights,
                self.offsets, self.neighbors, self.similarities, out[begin:end],
            ),
            chunks_of(histories.offsets * row_work),
        )  # fmt: skip
        return out

    def _faded(self, histories: Histories) -> Histories:
        return faded_as_stored(histories, self.as_of, self.half_life_days)

    def arrays(self) -> Arrays:
        names = ("offsets", "neighbors", "similarities", "prior", "half_life_days", "as_of")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        scores = self._sums(Histories.of([[item] for item in items]))
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.prior) - 1))[:2]

    def nearby(self, items: Index, k: int) -> tuple[Index, Scores]:
        """What some items speak for, each its k most similar above 0, likeness added up: distinct items and their sums.

        The same as by ``similar``, by looking at stored pairs alone.
        """
        lengths = np.minimum(self.offsets[items + 1] - self.offsets[items], k)
        near = np.empty(int(lengths.sum()), dtype=np.int32)
        alike = np.empty(len(near), dtype=np.float32)
        count = _nearby(items, self.offsets, self.neighbors, self.similarities, (k, near, alike))
        return added_up(near[:count], alike[:count])

    def reasons(self, history: Histories, item: int) -> Scores:
        parts = np.zeros(len(history.items), dtype=np.float32)
        for at, (seen, weight) in enumerate(zip(history.items, self._faded(history).weights, strict=True)):
            row = slice(self.offsets[seen], self.offsets[seen + 1])
            parts[at] = weight * self.similarities[row][self.neighbors[row] == item].sum()
        return parts


@kernel(fastmath=True)
def _nearby(items: Any, offsets: Any, neighbors: Any, similarities: Any, into: Any) -> Any:
    """Fill in the k best of each row, best first, of equals the lower item; gives how many there are."""
    k, near, alike = into
    total = 0
    for item in items:
        count, room = 0, min(k, offsets[item + 1] - offsets[item])
        best, found = alike[total : total + room], near[total : total + room]
        for at in range(offsets[item], offsets[item + 1]):
            if similarities[at] > 0 and neighbors[at] != item:
                count = push(similarities[at], neighbors[at], best, found, count)
        total += count
    return total


@kernel(fastmath=True)
def _add(
    starts: Any, items: Any, weights: Any, offsets: Any, neighbors: Any, similarities: Any, out: Any
) -> None:  # fmt: skip
    for row in range(len(out)):
        for event in range(starts[row], starts[row + 1]):
            item, weight = items[event], weights[event]
            for at in range(offsets[item], offsets[item + 1]):
                out[row, neighbors[at]] += weight * similarities[at]
