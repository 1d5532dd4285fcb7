"""Ratings in a grid of blocks that never share a user or an item, so that several can be learned from at once.

Users and items are dealt to groups of about equally many ratings. Blocks on a diagonal (user group g, item group
g + shift) touch different rows and columns: threads may take them in any order and the result is the same, whatever
their number (Gemulla, Nijkamp, Haas, Sismanis: Large-Scale Matrix Factorization with Distributed Stochastic Gradient
Descent, KDD 2011).
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numba
import numpy as np

from slatewright.core.arrays import Array, Index, Offsets, Scores
from slatewright.models.ratings.table import Ratings

FEW, MANY = 8, 32  # groups: a block is worth a thread's attention, and its rows fit in the cache
MANY_RATINGS = 1 << 22
LEAST_RATINGS = 1 << 14  # below this a second thread costs more than it brings

Task = Callable[[int, int], None]
Sweep = Callable[[Task], None]


@dataclass(frozen=True, slots=True)
class Blocks:
    """``users``, ``items`` int32 and ``values`` float32, each (ratings,), block after block, by user inside one.

    Users and items have new numbers, so that those of a group lie side by side: ``user_at`` int32 (n_users,) and
    ``item_at`` int32 (n_items,) give the new number of each. ``bounds`` int64 (grid * grid + 1,) are the blocks.
    """

    users: Index
    items: Index
    values: Scores
    bounds: Offsets
    user_at: Index
    item_at: Index
    grid: int

    @classmethod
    def of(cls, ratings: Ratings, rng: np.random.Generator) -> "Blocks":
        """Ratings dealt to blocks; who is in a group with whom is drawn."""
        grid = FEW if len(ratings) < MANY_RATINGS else MANY
        user_at, user_group = _dealt(ratings.lengths(), grid, rng)
        item_at, item_group = _dealt(np.bincount(ratings.items, minlength=ratings.n_items), grid, rng)
        by_user = _rows_in_order(ratings.offsets, np.argsort(user_at))
        users, items = user_at[ratings.users()[by_user]], item_at[ratings.items[by_user]]
        block = (user_group[users] * grid + item_group[items]).astype(np.uint16)
        order = np.argsort(block, kind="stable")
        bounds = np.concatenate([[0], np.cumsum(np.bincount(block, minlength=grid * grid))]).astype(np.int64)
        values = ratings.values[by_user[order]]
        return cls(users[order], items[order], values, bounds, user_at, item_at, grid)

    @contextmanager
    def threads(self) -> Iterator[Sweep]:
        """A function that runs ``task(first, last)`` on every block, diagonal after diagonal."""
        if len(self.values) < LEAST_RATINGS:
            yield lambda task: self._sweep(task, map)
            return
        with ThreadPoolExecutor(min(self.grid, numba.get_num_threads())) as threads:
            yield lambda task: self._sweep(task, threads.map)

    def _sweep(self, task: Task, run: Callable[..., Iterator[None]]) -> None:
        for shift in range(self.grid):
            blocks = [group * self.grid + (group + shift) % self.grid for group in range(self.grid)]
            list(run(task, self.bounds[blocks].tolist(), self.bounds[1:][blocks].tolist()))


def _dealt(counts: Array, grid: int, rng: np.random.Generator) -> tuple[Index, Index]:
    """New numbers in random order, and the group of each new number; groups have about equally many ratings."""
    drawn = rng.permutation(len(counts))
    number = np.empty(len(counts), dtype=np.int32)
    number[drawn] = np.arange(len(counts), dtype=np.int32)
    before = np.cumsum(counts[drawn]) - counts[drawn]
    group = before * grid // max(1, int(counts.sum()))
    return number, np.minimum(group, grid - 1).astype(np.int32)


def _rows_in_order(offsets: Offsets, rows: Array) -> Offsets:
    """The entries of CSR rows taken in another order, int64 (entries,)."""
    lengths = np.diff(offsets)[rows]
    ends = np.cumsum(lengths)
    return np.repeat(offsets[:-1][rows] - (ends - lengths), lengths) + np.arange(offsets[-1])
