"""The pairs that teach a network over facts, and what is known besides while they do."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Mask, Scores
from slatewright.data.histories import Histories
from slatewright.models.neural.pairs.drawing import taken_pairs


@dataclass(frozen=True)
class Samples:
    """Each pair of ``taught`` is a sample, which counts by the root of what its events weigh in all: its user's history
    is that of ``seen``, and nothing of ``taken`` a negative.

    CSR (n_users, n_items), columns sorted; what teaches is seen, and what is seen was taken.
    """

    taught: sparse.csr_matrix
    seen: sparse.csr_matrix
    taken: sparse.csr_matrix

    @classmethod
    def of(cls, histories: Histories, n_items: int) -> Self:
        """Of histories that teach, as a whole."""
        taken, _, _ = taken_pairs(histories.matrix(n_items))
        return cls(taken, taken, taken)

    def __len__(self) -> int:
        return int(self.taught.nnz)

    @cached_property
    def users(self) -> Index:
        """Whose each sample is, int32."""
        return np.repeat(np.arange(self.taught.shape[0], dtype=np.int32), np.diff(self.taught.indptr))

    @cached_property
    def items(self) -> Index:
        """What was taken, int32."""
        items: Index = self.taught.indices.astype(np.int32)
        return items

    @cached_property
    def weights(self) -> Scores:
        """How much each counts, float32 of mean 1: the root, which keeps the few pairs of many events from being heard
        alone."""
        roots = np.sqrt(self.taught.data, dtype=np.float64)
        weights: Scores = (roots / (roots.mean() if len(roots) else 1.0)).astype(np.float32)
        return weights

    def at(self, places: Array) -> tuple[Index, Index]:
        """The users and the items of some samples."""
        return self.users[places], self.items[places]

    @cached_property
    def who_took(self) -> Mask:
        """The users with a pair that is seen, bool (n_users,)."""
        there: Mask = np.diff(self.seen.indptr) > 0
        return there

    @cached_property
    def is_sold(self) -> Mask:
        """The items that somebody is seen to take, bool (n_items,)."""
        return np.bincount(self.seen.indices, minlength=self.seen.shape[1]) > 0

    @cached_property
    def sold(self) -> Index:
        """The same, int32."""
        return np.flatnonzero(self.is_sold).astype(np.int32)
