"""Events dealt into cells of users and items that do not collide, so that threads may learn side by side.

Users are cut into parts for good, items anew in every epoch. In a round each part of the users meets another part of
the items, so no two cells of a round share a vector, and after as many rounds as parts each has met each (Gemulla et
al.: Large-Scale Matrix Factorization with Distributed Stochastic Gradient Descent, KDD 2011). The number of parts does
not depend on the number of threads, nor does anything that is learned.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Offsets, Scores
from slatewright.core.chunks import LEAST_WORK, in_chunks
from slatewright.core.kernels import kernel

PARTS = 8  # also the most threads that can help
ITEMS_PER_PART = 256  # a negative comes from the part of the positive: fewer items to choose from would tell


@dataclass(frozen=True, slots=True)
class Cells:
    """The events of one epoch: those of cell (p, q) lie between ``bounds[p, q]`` and ``bounds[p, q + 1]`` of ``users``,
    ``items`` and ``places``, users in order and the items of a user in order. ``places`` int64 points into the data of
    the matrix. Part q holds the items ``order[item_bounds[q]:item_bounds[q + 1]]``."""

    users: Index
    items: Index
    places: Offsets
    bounds: Offsets
    order: Index
    item_bounds: Offsets

    def each(self, task: Callable[[int, int], None]) -> None:
        """Call ``task(p, q)`` for every cell, at any one time for cells that share no user and no item."""
        parts = len(self.bounds)
        for turn in range(parts):
            in_chunks(lambda begin, _: task(begin, (begin + turn) % parts), np.arange(parts + 1))  # noqa: B023


@dataclass(frozen=True, slots=True)
class Dealer:
    """Deals the entries of a CSR matrix (users, items) into fresh cells, epoch after epoch."""

    offsets: Offsets
    columns: Index
    n_items: int
    user_bounds: Offsets

    @classmethod
    def of(cls, matrix: sparse.csr_matrix) -> "Dealer":
        """As many parts as the matrix is worth; parts of the users have about as many entries each."""
        n_users, n_items = matrix.shape
        parts = min(PARTS, max(1, n_items // ITEMS_PER_PART), max(1, n_users)) if matrix.nnz >= LEAST_WORK else 1
        offsets = matrix.indptr.astype(np.int64)
        cuts = np.searchsorted(offsets, np.linspace(0, matrix.nnz, parts + 1)[1:-1])
        bounds = np.concatenate([[0], np.minimum(cuts, n_users), [n_users]]).astype(np.int64)
        return cls(offsets, matrix.indices.astype(np.int32), n_items, bounds)

    def deal(self, rng: np.random.Generator) -> Cells:
        """One epoch's cells, the items parted at random."""
        parts = len(self.user_bounds) - 1
        order = rng.permutation(self.n_items).astype(np.int32)
        item_bounds = np.linspace(0, self.n_items, parts + 1).astype(np.int64)
        part = np.empty(self.n_items, dtype=np.int64)
        part[order] = np.repeat(np.arange(parts), np.diff(item_bounds))
        users, items = np.empty_like(self.columns), np.empty_like(self.columns)
        places = np.empty(len(self.columns), dtype=np.int64)
        bounds = np.empty((parts, parts + 1), dtype=np.int64)
        in_chunks(
            lambda p, _: _deal(
                self.user_bounds[p : p + 2], self.offsets, self.columns, part, (users, items, places), bounds[p]
            ),
            np.arange(parts + 1),
        )
        return Cells(users, items, places, bounds, order, item_bounds)


@kernel()
def _deal(rows: Any, offsets: Any, columns: Any, part: Any, dealt: Any, bounds: Any) -> None:
    """Sort the entries of ``rows[0]`` to ``rows[1]`` by the part of their column; stable."""
    users, items, places = dealt
    bounds[:] = 0
    for at in range(offsets[rows[0]], offsets[rows[1]]):
        bounds[part[columns[at]] + 1] += 1
    bounds[0] = offsets[rows[0]]
    for q in range(1, len(bounds)):
        bounds[q] += bounds[q - 1]
    free = bounds[:-1].copy()
    for user in range(rows[0], rows[1]):
        for at in range(offsets[user], offsets[user + 1]):
            q = part[columns[at]]
            users[free[q]], items[free[q]], places[free[q]] = user, columns[at], at
            free[q] += 1


@dataclass(frozen=True, slots=True)
class Lottery:
    """Draws position i with a chance proportional to its weight, in constant time: a position drawn at random is kept
    with chance ``keep[i]``, else ``other[i]`` is taken (Vose: A Linear Algorithm for Generating Random Numbers with a
    Given Distribution, IEEE TSE 1991)."""

    keep: Scores
    other: Index

    @classmethod
    def of(cls, weights: Array) -> "Lottery":
        """From weights float64 (n,), above 0."""
        lottery = cls(np.empty(len(weights), dtype=np.float32), np.empty(len(weights), dtype=np.int32))
        if len(weights):
            _fill(weights / weights.mean(), lottery.keep, lottery.other)
        return lottery


@kernel()
def _fill(shares: Any, keep: Any, other: Any) -> None:
    """``shares`` has mean 1 and is used up."""
    poor, rich = np.empty(len(shares), np.int64), np.empty(len(shares), np.int64)
    n_poor = n_rich = 0
    for at in range(len(shares)):
        keep[at], other[at] = 1, at
        if shares[at] < 1:
            poor[n_poor] = at
            n_poor += 1
        else:
            rich[n_rich] = at
            n_rich += 1
    while n_poor > 0 and n_rich > 0:
        n_poor -= 1
        taker, giver = poor[n_poor], rich[n_rich - 1]
        keep[taker], other[taker] = shares[taker], giver
        shares[giver] -= 1 - shares[taker]
        if shares[giver] < 1:
            n_rich -= 1
            poor[n_poor] = giver
            n_poor += 1
