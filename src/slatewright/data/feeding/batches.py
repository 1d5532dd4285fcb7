"""Any batch of any pass, computed from the columns when it is asked for: what loaders of all engines read."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Offsets
from slatewright.data.dataset import Dataset
from slatewright.data.feeding.drawing import draw
from slatewright.data.feeding.order import shuffled
from slatewright.data.interactions import Interactions
from slatewright.data.windows import latest

COLUMNS = ("user", "item", "weight", "value", "time")


@dataclass(frozen=True)
class Batches:
    """The events of a data set in batches.

    ``begins`` int64 (n_users,) is each user's first event, ``taken`` who has what, None where nothing is drawn.
    """

    events: Interactions
    n_items: int
    begins: Offsets
    taken: sparse.csr_matrix | None
    batch_size: int
    n_negatives: int
    window: int
    shuffle: bool
    seed: int

    @classmethod
    def of(cls, dataset: Dataset, batch_size: int, n_negatives: int, window: int, shuffle: bool, seed: int) -> Self:
        """The columns as they lie; who has what is counted only where items are drawn."""
        begins = dataset.histories().offsets[:-1]
        taken = dataset.matrix() if n_negatives else None
        return cls(dataset.interactions, dataset.n_items, begins, taken, batch_size, n_negatives, window, shuffle, seed)

    def __len__(self) -> int:
        return (len(self.events) + self.batch_size - 1) // self.batch_size

    def batch(self, epoch: int, at: int) -> dict[str, Array]:
        """Batch ``at`` of a pass."""
        begin, n = at * self.batch_size, len(self.events)
        end = min(n, begin + self.batch_size)
        seed = int(np.random.SeedSequence((self.seed, epoch)).generate_state(1, np.uint64)[0])
        return self._of(shuffled(begin, end, n, seed) if self.shuffle else np.arange(begin, end), seed)

    def none(self) -> dict[str, Array]:
        """A batch of no event: its names, types and shapes."""
        return self._of(np.empty(0, dtype=np.int64), 0)

    def _of(self, rows: Offsets, seed: int) -> dict[str, Array]:
        found: dict[str, Array] = {name: getattr(self.events, name)[rows] for name in COLUMNS}
        if self.taken is not None:
            found["negatives"] = draw(self.taken, found["user"], rows, self.n_negatives, seed)
        if self.window:
            begins = self.begins[found["user"]]
            found["history"] = latest(self.events.item, begins, rows, self.window, self.n_items)
        return found
