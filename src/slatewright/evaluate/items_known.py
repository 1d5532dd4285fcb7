"""What the training part knows of items, for metrics that look beyond what was right."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.data.catalogue import Catalogue
from slatewright.data.dataset import Dataset
from slatewright.evaluate.baseline import takers_of
from slatewright.metrics.places import PerItem
from slatewright.metrics.popularity_bias import popularity_bands
from slatewright.metrics.surprise import self_information
from slatewright.models.linear.spectrum import spectrum

DIRECTIONS = 32  # of the vectors by which items are alike when the same users take them


@dataclass(frozen=True)
class ItemsKnown:
    """Of each item of a training set: who took it, its shelves, its vector. Nothing of the test part is in it."""

    train: Dataset

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue, with categories and first days."""
        return Catalogue.of(self.train)

    @cached_property
    def takers(self) -> Offsets:
        """How many users took each item, int64 (n_items,)."""
        return takers_of(self.train)

    @cached_property
    def n_users(self) -> int:
        """The users who took anything, at least 1."""
        return 1 + int(np.count_nonzero(np.diff(self.train.interactions.user)))  # events lie in order of user

    @cached_property
    def information(self) -> PerItem:
        """How unknown each item is, in bits."""
        return self_information(self.takers, self.n_users)

    @cached_property
    def bands(self) -> Index:
        """Head, mid or tail, int32 (n_items,)."""
        return popularity_bands(self.takers)

    @cached_property
    def vectors(self) -> Scores:
        """Items by the strongest directions of who took what, float32 (n_items, d); zeros where nobody did."""
        taken = self.train.matrix()
        taken.data = np.repeat(1 / np.sqrt(np.maximum(1, np.diff(taken.indptr))), np.diff(taken.indptr)).astype(
            np.float32
        )
        if not taken.nnz:
            return np.zeros((self.train.n_items, 1), dtype=np.float32)
        strengths, directions = spectrum(sparse.csr_matrix(taken), DIRECTIONS, 0, oversampling=DIRECTIONS // 2)
        return np.asarray(directions * strengths * (self.takers > 0)[:, None], dtype=np.float32)
