"""Events dealt into cells of users and items that do not collide, so that threads may learn side by side.

Users are cut into parts for good, items anew in every epoch. In a round each part of the users meets another part of
the items, so no two cells of a round share a vector, and after as many rounds as parts each has met each (Gemulla et
al.: Large-Scale Matrix Factorization with Distributed Stochastic Gradient Descent, KDD 2011). The number of parts does
not depend on the number of threads, nor does anything that is learned.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Offsets, Scores, Weights
from slatewright.core.chunks import LEAST_WORK, in_chunks
from slatewright.core.kernels import kernel

PARTS = 8  # also the most threads that can help
ITEMS_PER_PART = 256  # a negative comes from the part of the positive: fewer items to choose from would tell


@dataclass(frozen=True, slots=True)
class Cells:
    """The events of one epoch: those of cell (p, q) lie between ``bounds[p, q]`` and ``bounds[p, q + 1]`` of ``users``,
    ``items`` and ``weights``, users in order. Part q holds the items ``order[item_bounds[q]:item_bounds[q + 1]]``, and
    ``items`` counts from the first of its part."""

    users: Index
    items: Index
    weights: Weights
    bounds: Offsets
    order: Index
    item_bounds: Offsets

    def each(self, task: Callable[[int, int], object]) -> None:
        """Call ``task(p, q)`` for every cell, at any one time for cells that share no user and no item.

        A cell waits for the last one of its users and the last one of its items, not for its whole round.
        """
        parts = len(self.bounds)
        with ThreadPoolExecutor(min(parts, numba.get_num_threads())) as threads:
            of_users: list[Future[None]] = [threads.submit(lambda: None) for _ in range(parts)]
            of_items = of_users.copy()

            def after(users: Future[None], items: Future[None], p: int, q: int) -> None:
                users.result()
                items.result()
                task(p, q)

            for turn in range(parts):
                for p in range(parts):
                    q = (p + turn) % parts
                    of_users[p] = of_items[q] = threads.submit(after, of_users[p], of_items[q], p, q)
            for last in of_users:
                last.result()


@dataclass(frozen=True, slots=True)
class Dealer:
    """Deals the entries of a CSR matrix (users, items) into fresh cells, epoch after epoch."""

    offsets: Offsets
    columns: Index
    weights: Weights
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
        weights = matrix.data.astype(np.float32, copy=False)
        return cls(offsets, matrix.indices.astype(np.int32), weights, n_items, bounds)

    def deal(self, rng: np.random.Generator) -> Cells:
        """One epoch's cells, the items parted at random."""
        parts = len(self.user_bounds) - 1
        order = rng.permutation(np.arange(self.n_items, dtype=np.int32))
        item_bounds = np.linspace(0, self.n_items, parts + 1).astype(np.int64)
        sizes = np.diff(item_bounds)
        part, place = np.empty(self.n_items, dtype=np.uint8), np.empty(self.n_items, dtype=np.int32)
        part[order] = np.repeat(np.arange(parts), sizes)
        place[order] = np.arange(self.n_items) - np.repeat(item_bounds[:-1], sizes)
        dealt = np.empty_like(self.columns), np.empty_like(self.columns), np.empty_like(self.weights)
        bounds = np.empty((parts, parts + 1), dtype=np.int64)
        entries, ends = (self.offsets, self.columns, self.weights), self.user_bounds
        in_chunks(
            lambda p, _: _deal(entries, ends[p : p + 2], part, place, dealt, bounds[p]),
            np.arange(parts + 1),
        )
        return Cells(*dealt, bounds, order, item_bounds)


@kernel()
def _deal(entries: Any, rows: Any, part: Any, place: Any, dealt: Any, bounds: Any) -> None:
    """Sort the ``entries`` (offsets, columns, weights) of ``rows[0]`` to ``rows[1]`` by the part of their column."""
    offsets, columns, given = entries
    users, items, weights = dealt
    bounds[:] = 0
    for at in range(offsets[rows[0]], offsets[rows[1]]):
        bounds[part[columns[at]] + 1] += 1
    bounds[0] = offsets[rows[0]]
    for q in range(1, len(bounds)):
        bounds[q] += bounds[q - 1]
    free = bounds[:-1].copy()
    for user in range(rows[0], rows[1]):
        for at in range(offsets[user], offsets[user + 1]):
            to = free[part[columns[at]]]
            users[to], items[to], weights[to] = user, place[columns[at]], given[at]
            free[part[columns[at]]] = to + 1


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
