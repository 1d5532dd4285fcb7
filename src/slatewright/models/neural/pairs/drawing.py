"""Negatives: items that a user did not take."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Mask, Scores
from slatewright.core.kernels import kernel
from slatewright.core.mixing import shifted
from slatewright.models.factorisation.cells import Lottery

TRIES = 8  # draws of an item that the user has not taken, before the next such item is taken


@dataclass(frozen=True, slots=True)
class Negatives:
    """Draws items with chances proportional to (their users) ** ``exponent``; 0: all alike.

    ``taken`` is CSR (n_users, n_items) with sorted columns; ``sieve`` uint16, one per pair of it, says of most items
    in one look that a user did not take them. ``log_chances`` float32 (n_items,).
    """

    taken: sparse.csr_matrix
    sieve: Array
    lottery: Lottery
    log_chances: Scores

    @classmethod
    def of(cls, taken: sparse.csr_matrix, exponent: float) -> Self:
        """Over the items of a matrix; one that nobody took counts as half a user."""
        audience = np.bincount(taken.indices, minlength=taken.shape[1])
        chances = np.maximum(audience, 0.5) ** exponent
        logs = np.log(chances / max(chances.sum(), 1e-30)).astype(np.float32)
        sieve = np.zeros(taken.nnz, dtype=np.uint16)
        _mark(taken.indptr, taken.indices, sieve)
        return cls(taken, sieve, Lottery.of(chances if exponent else np.empty(0)), logs)

    def drawn(self, users: Index, n: int, rng: np.random.Generator) -> Index:
        """``n`` items for each user, int32 (users, n), none that the user took; any for who took everything."""
        found = np.empty((len(users), n), dtype=np.int32)
        seeds = rng.integers(1, 2**63, size=len(users), dtype=np.uint64)
        own = (self.taken.indptr, self.taken.indices, self.sieve)
        _draw(own, (self.lottery.keep, self.lottery.other), self.taken.shape[1], users, seeds, found)
        return found

    def shared(self, n: int, rng: np.random.Generator) -> Index:
        """``n`` items for all users, int32 (n,)."""
        found = np.empty((1, n), dtype=np.int32)
        nobody = (np.zeros(2, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0, dtype=np.uint16))
        seed = rng.integers(1, 2**63, size=1, dtype=np.uint64)
        chances = (self.lottery.keep, self.lottery.other)
        _draw(nobody, chances, self.taken.shape[1], np.zeros(1, dtype=np.int32), seed, found)
        shared: Index = found[0]
        return shared

    def any_left(self, users: Index) -> Mask:
        """Whether there is an item that each user did not take, bool (users,)."""
        left: Mask = self.taken.indptr[users + 1] - self.taken.indptr[users] < self.taken.shape[1]
        return left

    def free(self, users: Index, items: Index) -> Mask:
        """Whether users did not take items: bool (n, m), for items (n, m)."""
        free = np.ones(items.shape, dtype=np.bool_)
        _free(self.taken.indptr, self.taken.indices, users, items, free)
        return free

    def free_of_all(self, users: Index, items: Index) -> Mask:
        """The same for items (m,) that are asked of all users: bool (n, m)."""
        free = np.ones((len(users), len(items)), dtype=np.bool_)
        order = np.argsort(items, kind="stable").astype(np.int32)
        firsts = np.searchsorted(items[order], np.arange(self.taken.shape[1] + 1)).astype(np.int32)
        _free_of_all(self.taken.indptr, self.taken.indices, users, (firsts, order), free)
        return free


@kernel()
def _has(offsets: Any, members: Any, row: Any, wanted: Any) -> Any:
    low, high = offsets[row], offsets[row + 1]
    while low < high:
        middle = (low + high) // 2
        if members[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < offsets[row + 1] and members[low] == wanted


@kernel(inline=True)
def _slot(item: Any, n: Any) -> Any:
    """The bit of an item among the 16 n of a user who took n (Bloom: Space/time trade-offs in hash coding, 1970)."""
    mixed = np.uint64(np.uint32(item) * np.uint64(2654435769)) & np.uint64(0xFFFFFFFF)
    return np.int64((mixed * np.uint64(16 * n)) >> np.uint64(32))


@kernel()
def _mark(offsets: Any, members: Any, sieve: Any) -> None:
    for row in range(len(offsets) - 1):
        for at in range(offsets[row], offsets[row + 1]):
            slot = _slot(members[at], offsets[row + 1] - offsets[row])
            sieve[offsets[row] + (slot >> 4)] |= np.uint16(1 << (slot & 15))


@kernel()
def _draw(own: Any, lottery: Any, n_items: Any, users: Any, seeds: Any, found: Any) -> None:
    offsets, members, sieve = own  # handed to a function, an array costs more than to look into it
    keep, other = lottery
    for row in range(len(users)):
        state, user = seeds[row], users[row]
        low, n = offsets[user], offsets[user + 1] - offsets[user]
        is_left = n < n_items
        for at in range(found.shape[1]):
            item, is_free = np.int64(0), False
            for _ in range(TRIES):
                state = shifted(state)
                item = np.int64((state >> np.uint64(11)) % np.uint64(n_items))
                if len(keep):
                    state = shifted(state)
                    if np.float32(state >> np.uint64(40)) * np.float32(2.0**-24) >= keep[item]:
                        item = np.int64(other[item])
                slot = _slot(item, n)
                is_free = n == 0 or not (sieve[low + (slot >> 4)] >> np.uint16(slot & 15)) & 1
                is_free = is_free or not _has(offsets, members, user, item)
                if is_free:
                    break
            if is_left and not is_free:
                while _has(offsets, members, user, item):
                    item = (item + 1) % n_items
            found[row, at] = item


@kernel()
def _free(offsets: Any, members: Any, users: Any, items: Any, free: Any) -> None:
    for row in range(len(users)):
        for at in range(items.shape[1]):
            free[row, at] = not _has(offsets, members, users[row], items[row, at])


@kernel()
def _free_of_all(offsets: Any, members: Any, users: Any, places: Any, free: Any) -> None:
    """``places``: item i lies at ``order[firsts[i]]`` to ``order[firsts[i + 1] - 1]`` of the columns of ``free``."""
    firsts, order = places
    for row in range(len(users)):
        for entry in range(offsets[users[row]], offsets[users[row] + 1]):
            item = members[entry]
            for at in range(firsts[item], firsts[item + 1]):
                free[row, order[at]] = False


def taken_pairs(matrix: sparse.csr_matrix) -> tuple[sparse.csr_matrix, Index, Scores]:
    """What teaches: pairs of weight above 0, their users int32, and their weights float32, of mean 1."""
    kept = matrix.copy()
    kept.data = np.maximum(kept.data, 0)
    kept.eliminate_zeros()
    kept.sort_indices()
    users = np.repeat(np.arange(kept.shape[0], dtype=np.int32), np.diff(kept.indptr))
    mean = float(np.mean(kept.data, dtype=np.float64)) if kept.nnz else 1.0
    weights: Array = (kept.data / mean).astype(np.float32)
    return kept, users, weights
