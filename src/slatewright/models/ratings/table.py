"""Ratings as a table: the last word of each user on each item, on a scale of our own.

Everything is learned on standardised ratings (mean 0, deviation 1), so that knobs mean the same whether people give one
to five stars or up to a hundred points, and no scale can overflow float32.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Mask, Offsets, Scores, Weights
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories

WITHOUT_RATINGS = (0.0, 1.0, 0.0, 0.0)  # the scale where nobody said anything: every prediction is 0


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of what people said: ``center`` and ``spread`` (mean and deviation), ``low`` and ``high``."""

    center: float
    spread: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Weights) -> "Scale":
        """The scale of some ratings; a spread of 1 where all are equal."""
        if not len(values):
            return cls(*WITHOUT_RATINGS)
        exact = values.astype(np.float64)
        center, spread = float(exact.mean()), float(exact.std())
        seen = spread > 1e-6 * max(1.0, abs(center))  # less is rounding
        return cls(center, spread if seen else 1.0, float(values.min()), float(values.max()))

    @classmethod
    def read(cls, array: Array) -> "Scale":
        """The scale again from its array float64 (4,)."""
        return cls(*array.tolist())

    def array(self) -> Array:
        """The four numbers, float64 (4,)."""
        return np.array([self.center, self.spread, self.low, self.high])

    def inside(self, values: Weights) -> Scores:
        """Standardised ratings, float32."""
        inside: Scores = ((values.astype(np.float64) - self.center) / self.spread).astype(np.float32)
        return inside

    def outside(self, scores: Scores) -> Scores:
        """Standardised scores as ratings, float32, not clipped."""
        return scores * np.float32(self.spread) + np.float32(self.center)

    def clipped(self, ratings: Scores) -> Scores:
        """Ratings no further than anybody went."""
        return np.clip(ratings, np.float32(self.low), np.float32(self.high))


@dataclass(frozen=True, slots=True)
class Ratings:
    """CSR by user: user u rated ``items[offsets[u]:offsets[u + 1]]`` (distinct) with the standardised ``values``.

    ``offsets`` int64 (n_users + 1,); ``items`` int32 and ``values`` float32, each (ratings,).
    """

    offsets: Offsets
    items: Index
    values: Scores
    n_items: int
    scale: Scale

    @classmethod
    def of(cls, dataset: Dataset) -> "Ratings":
        """All ratings of a data set; the last one of each user and item."""
        rated = last_ratings(dataset.histories(), dataset.n_items)
        said = np.empty(0, np.float32) if rated.values is None else rated.values
        scale = Scale.of(said)
        return cls(rated.offsets, rated.items, scale.inside(said), dataset.n_items, scale)

    @classmethod
    def read(cls, histories: Histories, n_items: int, scale: Scale) -> "Ratings":
        """The ratings in some histories, on a scale that is known already."""
        rated = last_ratings(histories, n_items)
        said = np.empty(0, np.float32) if rated.values is None else rated.values
        return cls(rated.offsets, rated.items, scale.inside(said), n_items, scale)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def n_users(self) -> int:
        return len(self.offsets) - 1

    def users(self) -> Index:
        """The user of each rating, int32 (ratings,)."""
        return np.repeat(np.arange(self.n_users, dtype=np.int32), np.diff(self.offsets))

    def matrix(self) -> sparse.csr_matrix:
        """The standardised ratings, CSR float32 (n_users, n_items); a rating of exactly the mean is a stored 0."""
        return sparse.csr_matrix((self.values, self.items, self.offsets), shape=(self.n_users, self.n_items))

    def flipped(self) -> "Ratings":
        """The same ratings by item: items are the rows and users the columns."""
        by_item = self.matrix().tocsc()
        return Ratings(
            by_item.indptr.astype(np.int64),
            by_item.indices.astype(np.int32, copy=False),
            by_item.data,
            self.n_users,
            self.scale,
        )

    def lengths(self) -> Offsets:
        """Ratings per row, int64 (n_users,)."""
        return np.diff(self.offsets)

    def minus(self, values: Scores) -> "Ratings":
        """The same pairs with something taken off each rating."""
        return replace(self, values=self.values - values)


def check_pairs(rows: Index, items: Index, n_rows: int, n_items: int) -> None:
    """Pairs of a history and an item that exist: the kernels behind a prediction look at memory without asking.

    Raises:
        BadInput: not as many rows as items, or an index that is no whole number or out of range.
    """
    if len(rows) != len(items):
        raise BadInput(f"predict must get as many rows as items, got {len(rows)} and {len(items)}")
    for name, pointers, end in (("rows", rows, n_rows), ("items", items, n_items)):
        if not np.issubdtype(np.asarray(pointers).dtype, np.integer):
            raise BadInput(f"predict: {name} must be whole numbers, got {np.asarray(pointers).dtype}")
        if len(pointers) and not (np.min(pointers) >= 0 and np.max(pointers) < end):
            wrong = np.min(pointers) if np.min(pointers) < 0 else np.max(pointers)
            raise BadInput(f"predict: {name} must be indices from 0 to {end - 1}, got {wrong}")


def last_ratings(histories: Histories, n_items: int) -> Histories:
    """Only the events that are ratings, the last of each item in each history."""
    kept = last_rated(histories, n_items)
    return histories if kept.all() else histories.only(kept)


def last_rated(histories: Histories, n_items: int) -> Mask:
    """Which events are the last rating of their item in their history, bool (events,).

    Raises:
        BadInput: an event on an item that does not exist.
    """
    if len(histories.items) and not (histories.items.min() >= 0 and histories.items.max() < n_items):
        raise BadInput(f"histories must hold item indices from 0 to {n_items - 1}, got one outside")
    kept = histories.rated()
    _keep_last(histories.offsets, histories.items, np.full(n_items, -1, dtype=np.int64), kept)
    return kept


@kernel()
def _keep_last(offsets: Offsets, items: Index, seen_by: Offsets, kept: Mask) -> None:
    """Blank all but the last kept event of each pair; events of a history are oldest first."""
    for row in range(len(offsets) - 1):
        for at in range(offsets[row + 1] - 1, offsets[row] - 1, -1):
            if kept[at]:
                kept[at] = seen_by[items[at]] != row
                seen_by[items[at]] = row
