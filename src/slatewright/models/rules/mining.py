"""Frequent item sets: every set of items that enough baskets hold.

Eclat (Zaki: Scalable Algorithms for Association Mining, IEEE TKDE 2000) on projected baskets. Items are put in order of
how rare they are. For each item only the baskets that hold it are looked at, and in these only what comes later in the
order: a small table of bits, one row per item that is frequent there, one column per basket. Sets grow depth first:
the baskets of a set and those of one more item meet, 64 at a time. Nothing is shared between the first items, so
threads deal them out.
"""

from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.errors import BadInput
from slatewright.models.rules.baskets import FULL, Baskets
from slatewright.models.rules.growing import grow
from slatewright.models.rules.projecting import Projected, project

MOST_SETS = 20_000_000  # about half a gigabyte of sets; nobody reads more
LONGEST = 100  # items of a set
ROOM = 4096  # sets that there is room for at first


@dataclass(frozen=True)
class ItemSets:
    """Sets end to end: set s is ``items[offsets[s]:offsets[s + 1]]``, int32, and ``counts[s]`` baskets hold it, int64.

    ``offsets`` int64 (n + 1,). The items of a set stand in order of how rare they are; every subset of a set is there
    too. ``n_baskets`` is how many baskets there were, ``n_items`` how many items. Where old baskets count less, counts
    and ``n_baskets`` are in parts: ``unit`` of them are a basket that counts in full.
    """

    offsets: Offsets
    items: Index
    counts: Offsets
    n_baskets: int
    n_items: int
    unit: int = 1

    def __len__(self) -> int:
        return len(self.counts)

    def lengths(self) -> Offsets:
        """Items of each set, int64 (n,)."""
        return np.diff(self.offsets)


def least_count(min_support: float, n_baskets: int) -> int:
    """The fewest baskets that are at least the share ``min_support`` of all, and never none."""
    return max(1, int(np.ceil(min_support * n_baskets * (1 - 1e-12))))


def frequent_sets(
    baskets: Baskets, min_support: float, *, max_length: int | None = None, most: int = MOST_SETS
) -> ItemSets:
    """Every set of at most ``max_length`` items that at least the share ``min_support`` of the baskets hold.

    Which sets are frequent is told by how many baskets hold them, whatever each is worth.

    Raises:
        BadInput: there are more than ``most`` such sets.
    """
    least = least_count(min_support, len(baskets))
    table = project(baskets, least)
    longest = min(LONGEST, max_length or LONGEST)
    found = in_chunks(lambda begin, end: _grown(begin, end, table, least, longest, most), chunks_of(_work(table)))
    if sum(len(lengths) for lengths, _, _ in found) > most:
        raise BadInput(
            f"more than {most:,} sets of items are in at least {least:,} of {len(baskets):,} baskets; raise "
            f"min_support (now {min_support:g}) or lower max_length"
        )
    lengths, items, counts = (np.concatenate(part) for part in zip(*found, strict=True))
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    if baskets.worth is None:
        return ItemSets(offsets, items, counts, len(baskets), baskets.n_items)
    return ItemSets(offsets, items, counts, int(baskets.worth.sum(dtype=np.int64)), baskets.n_items, FULL)


def _grown(begin: int, end: int, table: Projected, least: int, longest: int, most: int) -> tuple[Index, Index, Offsets]:
    """Lengths, items and counts of the sets whose rarest item is in a part of the order; more room where it runs out.

    Stops soon after there are more than ``most``.
    """
    lengths, items, counts = np.empty(ROOM, np.int32), np.empty(4 * ROOM, np.int32), np.empty(ROOM, np.int64)
    state = np.array([begin, 0, 0], dtype=np.int64)
    while True:
        grow(end, *table, least, lengths, items, counts, state, longest)
        done, n_sets, n_items = state.tolist()
        if done == end or n_sets > most:
            return lengths[:n_sets], items[:n_items], counts[:n_sets]
        if len(lengths) > 2 * most:  # one item alone has more
            return lengths, items, counts
        lengths, items, counts = (_twice_as_long(array) for array in (lengths, items, counts))


def _twice_as_long(array: Array) -> Array:
    return np.concatenate([array, np.empty_like(array)])


def _work(table: Projected) -> Offsets:
    """What all first items before each take, int64 (n + 1,): the tails of the baskets that hold them."""
    tails = np.concatenate([[0], np.cumsum(table.ends - table.starts + 1)])
    return tails[table.bounds].astype(np.int64)
