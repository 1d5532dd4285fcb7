"""Likeness by sparse rows: what two items have in common, shelves or features."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.kernels import kernel
from slatewright.pipeline.likeness.contracts import Alike


@dataclass(frozen=True)
class ByRows:
    """Row i holds ``values`` float32 at ``columns`` int32 from ``offsets[i]`` to ``offsets[i + 1]``.

    ``sizes`` float32 (n_items,) are the lengths of the rows for the cosine, their squares for what is shared of all
    that either has (``shared_of_all``: Jaccard where every value is 1). Two empty rows have nothing in common.
    """

    offsets: Offsets
    columns: Index
    values: Scores
    sizes: Scores
    width: int
    shared_of_all: bool

    def among(self, items: Index) -> Alike:
        """Keep the items at hand."""
        return _Some(self, items, np.zeros(self.width, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class _Some:
    whole: ByRows
    items: Index
    spread: Scores  # (width,), zeros between two questions

    def row(self, at: int) -> Scores:
        out = np.empty(len(self.items), dtype=np.float32)
        whole = self.whole
        _in_common(whole.offsets, whole.columns, whole.values, self.items, at, self.spread, out)
        sizes = whole.sizes[self.items]
        if whole.shared_of_all:
            np.divide(out, np.maximum(sizes + sizes[at] - out, np.float32(1e-12)), out=out)
        else:
            np.divide(out, np.maximum(sizes * sizes[at], np.float32(1e-12)), out=out)
        alike: Scores = np.minimum(out, 1, out=out)
        return alike


def lengths_of(offsets: Offsets, values: Scores) -> Scores:
    """The length of each row, float32 (rows,)."""
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    squares = np.bincount(owner, values.astype(np.float64) ** 2, minlength=len(offsets) - 1)
    return np.sqrt(squares).astype(np.float32)


@kernel(fastmath=True)
def _in_common(offsets: Any, columns: Any, values: Any, items: Any, at: Any, spread: Any, out: Any) -> None:
    """Inner products of one row with the others; ``spread`` is all zeros before and after."""
    start, stop = offsets[items[at]], offsets[items[at] + 1]
    for place in range(start, stop):
        spread[columns[place]] = values[place]
    for other in range(len(items)):
        total = np.float32(0.0)
        for place in range(offsets[items[other]], offsets[items[other] + 1]):
            total += values[place] * spread[columns[place]]
        out[other] = max(total, np.float32(0.0))
    for place in range(start, stop):
        spread[columns[place]] = 0.0
