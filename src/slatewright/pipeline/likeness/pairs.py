"""Likeness as a model of pairs holds it: the larger of the two directions."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.kernels import kernel
from slatewright.pipeline.likeness.contracts import Alike


@dataclass(frozen=True)
class ByPairs:
    """Row i of a sparse matrix holds the likeness of item i to its ``neighbors``, cut to 0..1."""

    offsets: Offsets
    neighbors: Index
    similarities: Scores

    def among(self, items: Index) -> Alike:
        """Keep the items at hand."""
        return _Kept(self, items, np.zeros(len(self.offsets) - 1, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class _Kept:
    whole: ByPairs
    items: Index
    spread: Scores  # (n_items,), zeros between two questions

    def row(self, at: int) -> Scores:
        out = np.empty(len(self.items), dtype=np.float32)
        _kept(self.whole.offsets, self.whole.neighbors, self.whole.similarities, self.items, at, self.spread, out)
        return out


@dataclass(frozen=True)
class ByAllPairs:
    """``pairs`` float32 (n_items, n_items) holds the likeness of any two items, cut to 0..1."""

    pairs: Scores

    def among(self, items: Index) -> Alike:
        """Keep the items at hand."""
        return _All(self.pairs, items)


@dataclass(frozen=True, slots=True)
class _All:
    pairs: Scores
    items: Index

    def row(self, at: int) -> Scores:
        item = self.items[at]
        alike: Scores = np.clip(np.maximum(self.pairs[item, self.items], self.pairs[self.items, item]), 0, 1)
        return alike


@kernel()
def _kept(offsets: Any, neighbors: Any, similarities: Any, items: Any, at: Any, spread: Any, out: Any) -> None:
    """What row ``items[at]`` says of the others, and they of it; ``spread`` is all zeros before and after."""
    item = items[at]
    for place in range(offsets[item], offsets[item + 1]):
        spread[neighbors[place]] = similarities[place]
    for other in range(len(items)):
        most = max(spread[items[other]], np.float32(0.0))
        for place in range(offsets[items[other]], offsets[items[other] + 1]):
            if neighbors[place] == item:
                most = max(most, similarities[place])
        out[other] = min(most, np.float32(1.0))
    for place in range(offsets[item], offsets[item + 1]):
        spread[neighbors[place]] = 0.0
