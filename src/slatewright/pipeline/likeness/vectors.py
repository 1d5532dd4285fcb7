"""Likeness by dense vectors: the cosine."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.core.kernels import kernel
from slatewright.pipeline.likeness.contracts import Alike


@dataclass(frozen=True)
class ByVectors:
    """Cosine of the rows of ``vectors`` float32 (n_items, d); negative ones are 0.

    ``definite`` makes it (1 + cosine) / 2 instead, of which every matrix is positive semi-definite.
    """

    vectors: Scores
    definite: bool = False

    def among(self, items: Index) -> Alike:
        """Gather the vectors of some items, each brought to length 1."""
        unit = np.empty((len(items), self.vectors.shape[1]), dtype=np.float32)
        _gather(self.vectors, items, unit)
        return Unit(unit, self.definite)


@dataclass(frozen=True, slots=True)
class Unit:
    """Some items: ``unit`` float32 (n, d), rows of length 1."""

    unit: Scores
    definite: bool

    def row(self, at: int) -> Scores:
        out = np.empty(len(self.unit), dtype=np.float32)
        cosines(self.unit, at, self.definite, out)
        return out


@kernel(fastmath=True)
def _gather(vectors: Any, items: Any, unit: Any) -> None:
    for place in range(len(items)):
        mine, theirs = unit[place], vectors[items[place]]
        total = np.float32(0.0)
        for at in range(len(mine)):
            total += theirs[at] * theirs[at]
        scale = np.float32(1.0) / max(np.sqrt(total), np.float32(1e-12))
        for at in range(len(mine)):
            mine[at] = theirs[at] * scale


@kernel(fastmath=True)
def cosines(unit: Any, at: Any, definite: Any, out: Any) -> None:
    """Fill in how alike the row at a position is to every row."""
    mine = unit[at]
    for place in range(len(unit)):
        theirs = unit[place]
        total = np.float32(0.0)
        for d in range(len(mine)):
            total += mine[d] * theirs[d]
        if definite:
            total = np.float32(0.5) + np.float32(0.5) * total
        out[place] = min(max(total, np.float32(0.0)), np.float32(1.0))
