"""What people who share a fact (a country, an age band) like: the answer for a newcomer who says who they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.core.arrays import Arrays, Frame, Index, Offsets, Scores
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models.fading import faded

MOST_VALUES = 1000  # a fact with more values than this (a name, a street) says nothing about a group


@dataclass(frozen=True)
class FactPopularity:
    """For each value of each user fact: how many of its users had each item, those of long ago for less than one.

    ``values``: frame (n_values) of ``fact``, ``value``. The items of value ``v`` are
    ``items[offsets[v]:offsets[v + 1]]`` with ``counts`` (users) beside them.
    """

    values: Frame
    offsets: Offsets
    items: Index
    counts: Scores
    n_items: int

    @classmethod
    def of(cls, dataset: Dataset) -> "FactPopularity":
        """Count users per item for every value of every fact that splits users into groups."""
        return cls.counted(dataset.user_facts, dataset.histories(), dataset.n_items)

    @classmethod
    def counted(
        cls, facts: Frame, histories: Histories, n_items: int, *, as_of: int = 0, half_life_days: float | None = None
    ) -> "FactPopularity":
        """The same from the facts of users and their histories; a user who had an item last so many days before
        ``as_of`` counts half."""
        groups = _groups(facts)
        values = groups.select("fact", "value").unique().sort("fact", "value")
        if values.height == 0:
            nothing = np.empty(0, dtype=np.int32)
            return cls(values, np.zeros(1, dtype=np.int64), nothing, nothing.astype(np.float32), n_items)
        ranked = values.with_row_index("at")
        members = groups.join(ranked, on=["fact", "value"])
        ones = np.ones(members.height, dtype=np.float32)
        at, user = members["at"].to_numpy(), members["user"].to_numpy()
        belongs = sparse.csr_matrix((ones, (at, user)), shape=(values.height, len(histories)))
        had = histories.matrix(n_items)
        had.data = np.ones_like(had.data)
        if half_life_days is not None:
            had = _faded(had, histories, as_of, half_life_days)
        counted = sparse.csr_matrix(belongs @ had)
        counted.sort_indices()
        offsets = counted.indptr.astype(np.int64)
        return cls(values, offsets, counted.indices.astype(np.int32), counted.data, n_items)

    def score(self, facts: Mapping[str, str]) -> Scores:
        """Share of the users with the same facts who had each item, float32 (n_items,); zero where no fact is known.

        Several facts count alike: the mean of their shares.
        """
        total = np.zeros(self.n_items, dtype=np.float32)
        for at in self._known(facts):
            start, stop = self.offsets[at], self.offsets[at + 1]
            counts = self.counts[start:stop]
            if stop > start:
                total[self.items[start:stop]] += counts / counts.sum()
        return total

    def _known(self, facts: Mapping[str, str]) -> list[int]:
        found = map(self._places.get, facts.items())
        return [at for at in found if at is not None]

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        return {(fact, value): at for at, (fact, value) in enumerate(self.values.select("fact", "value").rows())}

    def arrays(self) -> Arrays:
        """The arrays, for a bundle; ``values`` travels as a table."""
        return {"offsets": self.offsets, "items": self.items, "counts": self.counts}


def _faded(had: sparse.csr_matrix, histories: Histories, as_of: int, half_life_days: float) -> sparse.csr_matrix:
    """Who had what, each counted by its last time instead of 1; CSR float32 (n, n_items)."""
    n_items = had.shape[1]
    pairs = np.repeat(np.arange(len(histories)), histories.lengths()) * n_items + histories.items
    kept, from_end = np.unique(pairs[::-1], return_index=True)  # histories are oldest first
    last = histories.times[::-1][from_end]
    found = np.searchsorted(kept, np.repeat(np.arange(len(histories)), np.diff(had.indptr)) * n_items + had.indices)
    weights = faded(had.data, last[found], as_of, half_life_days)
    return sparse.csr_matrix((weights, had.indices, had.indptr), shape=had.shape)


def _groups(user_facts: Frame) -> Frame:
    """One row per user and fact: ``user`` int64, ``fact``, ``value`` as text."""
    empty = pl.DataFrame(schema={"user": pl.Int64, "fact": pl.String, "value": pl.String})
    parts = [empty]
    for name in user_facts.columns:
        column = user_facts[name]
        if column.dtype.is_nested() or column.n_unique() > MOST_VALUES:
            continue
        part = pl.DataFrame({"user": np.arange(len(column)), "value": column.cast(pl.String)})
        parts.append(part.select("user", pl.lit(name).alias("fact"), "value").drop_nulls("value"))
    return pl.concat(parts)
