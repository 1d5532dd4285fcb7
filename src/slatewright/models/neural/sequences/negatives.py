"""Items drawn for a batch, or for each of its rows, against which targets are to win."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from slatewright.core.arrays import Array, Index, Scores


@dataclass(frozen=True, slots=True)
class Negatives:
    """``n`` items per batch, or per row where ``per_row``, by chances that add up in ``sums`` float64
    (n_items,); all of them where ``n`` is 0.

    ``correction`` float32 (n_items,) is how many items one that was drawn stands for, as a logarithm.
    """

    n: int
    sums: Array
    correction: Scores
    per_row: bool = False

    @classmethod
    def of(cls, counts: Array, n: int, exponent: float, per_row: bool = False) -> Self:
        """From the events of each item; an item is drawn in proportion to (its events, at least 1) ** exponent.

        As many as there are items, or more, are all of them once each: the exact softmax.
        """
        chances = np.maximum(counts, 1).astype(np.float64) ** exponent
        chances /= chances.sum() if len(chances) else 1
        if n >= len(chances):
            return cls(0, np.cumsum(chances), np.zeros(len(chances), dtype=np.float32))
        return cls(n, np.cumsum(chances), -np.log(n * chances).astype(np.float32), per_row)

    def drawn(self, rng: np.random.Generator, rows: int) -> Index:
        """Items of one batch, int32 (n,), or (rows, n) where each row has its own; all items are the same for all."""
        if not self.n:
            return np.arange(len(self.sums), dtype=np.int32)
        found = np.searchsorted(self.sums, rng.random((rows, self.n) if self.per_row else self.n), side="right")
        return np.minimum(found, len(self.sums) - 1).astype(np.int32)

    def share(self) -> float:
        """The share of the items that a place sees."""
        return (self.n or len(self.sums)) / max(1, len(self.sums))
