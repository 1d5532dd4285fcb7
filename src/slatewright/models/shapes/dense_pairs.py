"""One number per pair of items, all of them: what you did to one item speaks for or against every other."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories
from slatewright.models.fading import faded_as_stored
from slatewright.models.model import Known, Model
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class DensePairs(Model):
    """Row i of ``pairs`` float32 (n_items, n_items) holds how much item i speaks for each item; a history's score is
    the weighted sum of the rows of its items.

    An event of a history fades by ``half_life_days`` (float64 (1,), infinite: never) before ``as_of`` (int64 (1,)).
    ``prior`` float32 (n_items,) answers a history that says nothing.
    """

    pairs: Scores
    prior: Scores
    half_life_days: Array
    as_of: Array
    shape: ClassVar[str] = "dense_pairs"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        known = self._faded(histories)
        out = self._sums(known, items)
        out[known.lengths() == 0] = self.prior if items is None else self.prior[items]
        return out

    def _sums(self, histories: Histories, items: Index | None) -> Scores:
        """The weighted sum of the rows of each history's items, float32 (n, n_items or items)."""
        width = len(self.prior) if items is None else len(items)
        out = np.zeros((len(histories), width), dtype=np.float32)

        def add(begin: int, end: int) -> None:
            bounds = histories.offsets[begin : end + 1]
            if items is None:
                _add(bounds, histories.items, histories.weights, self.pairs, out[begin:end])
            else:
                _add_some(bounds, histories.items, histories.weights, self.pairs, items, out[begin:end])

        in_chunks(add, chunks_of((histories.offsets - histories.offsets[0]) * (width // 8 + 1)))
        return out

    def _faded(self, histories: Histories) -> Histories:
        return faded_as_stored(histories, self.as_of, self.half_life_days)

    def arrays(self) -> Arrays:
        return {name: getattr(self, name) for name in ("pairs", "prior", "half_life_days", "as_of")}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        scores = self.pairs[items]
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.prior) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        parts: Scores = self._faded(history).weights * self.pairs[history.items, item]
        return parts


@kernel(fastmath=True)
def _add(bounds: Any, items: Any, weights: Any, pairs: Any, out: Any) -> None:
    """Rows two at a time: half the passes over the sums."""
    for row in range(len(out)):
        sums, event, stop = out[row], bounds[row], bounds[row + 1]
        while event + 1 < stop:
            first, second = pairs[items[event]], pairs[items[event + 1]]
            weight, other = weights[event], weights[event + 1]
            for at in range(len(sums)):
                sums[at] += weight * first[at] + other * second[at]
            event += 2
        if event < stop:
            last, weight = pairs[items[event]], weights[event]
            for at in range(len(sums)):
                sums[at] += weight * last[at]


@kernel(fastmath=True)
def _add_some(bounds: Any, items: Any, weights: Any, pairs: Any, chosen: Any, out: Any) -> None:
    for row in range(len(out)):
        for event in range(bounds[row], bounds[row + 1]):
            source, weight = pairs[items[event]], weights[event]
            for at in range(len(chosen)):
                out[row, at] += weight * source[chosen[at]]
