"""What people who share a fact (a country, an age band) like: the answer for a newcomer who says who they are."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.core.arrays import Arrays, Frame, Index, Offsets, Scores
from slatewright.data.dataset import Dataset

MOST_VALUES = 1000  # a fact with more values than this (a name, a street) says nothing about a group


@dataclass(frozen=True)
class FactPopularity:
    """For each value of each user fact: how many of its users had each item.

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
        groups = _groups(dataset.user_facts)
        values = groups.select("fact", "value").unique().sort("fact", "value")
        if values.height == 0:
            nothing = np.empty(0, dtype=np.int32)
            return cls(values, np.zeros(1, dtype=np.int64), nothing, nothing.astype(np.float32), dataset.n_items)
        ranked = values.with_row_index("at")
        members = groups.join(ranked, on=["fact", "value"])
        ones = np.ones(members.height, dtype=np.float32)
        at, user = members["at"].to_numpy(), members["user"].to_numpy()
        belongs = sparse.csr_matrix((ones, (at, user)), shape=(values.height, dataset.n_users))
        had = dataset.matrix()
        had.data = np.ones_like(had.data)
        counted = sparse.csr_matrix(belongs @ had)
        counted.sort_indices()
        offsets = counted.indptr.astype(np.int64)
        return cls(values, offsets, counted.indices.astype(np.int32), counted.data, dataset.n_items)

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
        if not facts or self.values.height == 0:
            return []
        fact, value = self.values["fact"], self.values["value"]
        found = [((fact == name) & (value == said)).arg_true() for name, said in facts.items()]
        return [int(at) for hits in found for at in hits]

    def arrays(self) -> Arrays:
        """The arrays, for a bundle; ``values`` travels as a table."""
        return {"offsets": self.offsets, "items": self.items, "counts": self.counts}


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
