"""Histories: what each user did, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Index, Offsets, Times, Weights


@dataclass(frozen=True, slots=True)
class Histories:
    """Many histories end to end: history ``u`` is ``items[offsets[u]:offsets[u + 1]]``.

    ``offsets`` int64 (n + 1,); ``items`` int32, ``weights`` float32 and ``times`` int64 microseconds, each (events,).
    An item may occur several times in one history.
    """

    offsets: Offsets
    items: Index
    weights: Weights
    times: Times

    @classmethod
    def of(
        cls,
        items: Sequence[Sequence[int] | Index],
        weights: Sequence[Sequence[float] | Weights] | None = None,
        times: Sequence[Sequence[int] | Times] | None = None,
    ) -> "Histories":
        """From one list of item indices per user; weights default to 1 and times to 0."""
        offsets = np.zeros(len(items) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in items], out=offsets[1:])
        flat = np.concatenate([np.asarray(one, dtype=np.int32) for one in items] or [np.empty(0, np.int32)])
        ones = np.ones(len(flat), dtype=np.float32)
        zeros = np.zeros(len(flat), dtype=np.int64)
        return cls(
            offsets,
            flat,
            ones if weights is None else np.concatenate([np.asarray(w, dtype=np.float32) for w in weights]),
            zeros if times is None else np.concatenate([np.asarray(t, dtype=np.int64) for t in times]),
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def lengths(self) -> Offsets:
        """Events per history, int64 (n,)."""
        return np.diff(self.offsets)

    def items_of(self, user: int) -> Index:
        """The items of one history, oldest first."""
        return self.items[self.offsets[user] : self.offsets[user + 1]]

    def take(self, users: Index) -> "Histories":
        """The histories of some users, in the order given."""
        lengths = self.lengths()[users]
        offsets = np.zeros(len(users) + 1, dtype=np.int64)
        np.cumsum(lengths, out=offsets[1:])
        at = np.repeat(self.offsets[users] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return Histories(offsets, self.items[at], self.weights[at], self.times[at])

    def matrix(self, n_items: int) -> sparse.csr_matrix:
        """Summed weights as CSR float32 (n, n_items), columns sorted, one entry per pair; none where the sum is 0."""
        matrix = sparse.csr_matrix((self.weights, self.items, self.offsets), shape=(len(self), n_items), copy=True)
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return matrix
