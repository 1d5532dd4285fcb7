"""What fitting costs, told before it starts: memory in bytes, work in units that a machine's speed turns into seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np

from slatewright.data.dataset import Dataset

FLOPS = "flops"  # multiplications and additions inside BLAS and LAPACK, float32, all threads
STEPS = "steps"  # inner steps of compiled loops over memory in order: one multiplication, one addition
GATHERS = "gathers"  # inner steps of compiled loops that read or write memory out of order
SORTED = "sorted"  # elements sorted, hashed or grouped by NumPy, SciPy or Polars
WORK_KINDS = (FLOPS, STEPS, GATHERS, SORTED)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a data set is, as far as the cost of models depends on it.

    ``n_pairs`` counts distinct pairs of user and item. ``squared_histories`` is the sum over users of (distinct
    items)², ``squared_audiences`` the sum over items of (distinct users)². ``n_ratings`` counts rated pairs.
    """

    n_users: int
    n_items: int
    n_events: int
    n_pairs: int
    squared_histories: float
    squared_audiences: float
    n_ratings: int

    @classmethod
    def of(cls, dataset: Dataset) -> "Size":
        """Measure a data set: one pass over its events."""
        table = dataset.interactions
        pairs = np.unique(table.user.astype(np.int64) * max(1, dataset.n_items) + table.item)
        users, items = np.divmod(pairs, max(1, dataset.n_items))
        return cls(
            dataset.n_users,
            dataset.n_items,
            len(table),
            len(pairs),
            float(np.square(np.bincount(users, minlength=1), dtype=np.float64).sum()),
            float(np.square(np.bincount(items, minlength=1), dtype=np.float64).sum()),
            int(dataset.histories().rated().sum()),
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """``memory``: bytes that a fit holds at its peak beyond the data set, the model itself included.

    ``work``: how much of each of ``WORK_KINDS`` the fit does.
    """

    memory: float
    work: Mapping[str, float] = field(default_factory=dict)


@runtime_checkable
class Costed(Protocol):
    """An estimator that can say what its fit will cost."""

    def cost(self, size: Size) -> Cost:
        """The cost of fitting a data set of this size."""


def csr_bytes(rows: float, entries: float) -> float:
    """Bytes of a CSR matrix of float32 with int32 columns and offsets, as ``Histories.matrix`` makes it."""
    return 8 * entries + 4 * rows
