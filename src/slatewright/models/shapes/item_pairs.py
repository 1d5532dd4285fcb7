"""One number per pair of items, sparse: what you did to one item speaks for its neighbours."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numba
import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Offsets, Scores
from slatewright.core.kernels import kernel, one_at_a_time
from slatewright.data.histories import Histories
from slatewright.models.fading import faded_histories
from slatewright.models.model import Known, Model
from slatewright.models.topk import FEW_ROWS, LOWEST, top_k


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
        out = np.zeros((len(histories), len(self.prior)), dtype=np.float32)
        given = known.offsets, known.items, known.weights, self.offsets, self.neighbors, self.similarities, out
        if len(histories) <= FEW_ROWS:
            _score_serial(*given)
        else:
            with one_at_a_time():
                _score_parallel(*given)
        out[known.lengths() == 0] = self.prior
        return out if items is None else out[:, items]

    def _faded(self, histories: Histories) -> Histories:
        half_life = float(self.half_life_days[0])
        return faded_histories(histories, int(self.as_of[0]), half_life if np.isfinite(half_life) else None)

    def arrays(self) -> Arrays:
        names = ("offsets", "neighbors", "similarities", "prior", "half_life_days", "as_of")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        single = Histories.of([[item] for item in items])
        scores = np.zeros((len(items), len(self.prior)), dtype=np.float32)
        _score_serial(
            single.offsets, single.items, single.weights, self.offsets, self.neighbors, self.similarities, scores
        )
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.prior) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        parts = np.zeros(len(history.items), dtype=np.float32)
        for at, (seen, weight) in enumerate(zip(history.items, self._faded(history).weights, strict=True)):
            row = slice(self.offsets[seen], self.offsets[seen + 1])
            parts[at] = weight * self.similarities[row][self.neighbors[row] == item].sum()
        return parts


@kernel(fastmath=True)
def _add(items: Any, weights: Any, offsets: Any, neighbors: Any, similarities: Any, out: Any) -> None:
    for event in range(len(items)):
        item, weight = items[event], weights[event]
        for at in range(offsets[item], offsets[item + 1]):
            out[neighbors[at]] += weight * similarities[at]


@kernel(fastmath=True)
def _score_serial(
    starts: Any, items: Any, weights: Any, offsets: Any, neighbors: Any, similarities: Any, out: Any
) -> None:
    for row in range(len(out)):
        span = slice(starts[row], starts[row + 1])
        _add(items[span], weights[span], offsets, neighbors, similarities, out[row])


@kernel(parallel=True, fastmath=True)
def _score_parallel(
    starts: Any, items: Any, weights: Any, offsets: Any, neighbors: Any, similarities: Any, out: Any
) -> None:
    for row in numba.prange(len(out)):
        begin, end = starts[row], starts[row + 1]
        _add(items[begin:end], weights[begin:end], offsets, neighbors, similarities, out[row])
