"""The two-way map between the world's names and dense positions."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from slatewright.core.arrays import Index, Mask
from slatewright.data.coding import look_up

_FEW = 32  # a binary search costs about as much as hashing this many names
_HANDFUL = 32  # so many names are looked up one by one
_BLOCK = 64  # names between two that are held as Python's text


@dataclass(frozen=True)
class IdMap:
    """Names in byte order; the index of a name is its rank, so equal sets of names give equal maps.

    ``names``: String series (n,), sorted, unique, without nulls.
    """

    names: pl.Series

    @classmethod
    def of(cls, names: pl.Series | Iterable[str]) -> "IdMap":
        """The map of all distinct names; nulls are left out."""
        series = names if isinstance(names, pl.Series) else pl.Series(list(names), dtype=pl.String)
        return cls(_distinct_in_order(series.cast(pl.String).drop_nulls()).rechunk().alias("id"))

    def __len__(self) -> int:
        return self.names.len()

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.find(name) is not None

    def find(self, name: str) -> int | None:
        """The index of one name, or None. Binary search: no hash table is held.

        Python's own is used because ``Series.search_sorted`` goes through the query engine, at twenty times the cost
        for one name; both order text alike (the order of code points is that of UTF-8 bytes).
        """
        start = _BLOCK * (bisect_right(self._first_of_blocks, name) - 1)
        if start < 0:
            return None
        block = self.names.slice(start, _BLOCK).to_list()
        at = bisect_left(block, name)
        return start + at if at < len(block) and block[at] == name else None

    @cached_property
    def _first_of_blocks(self) -> list[str]:
        """Names as Python's text: a look at one name of the series costs as much as a search in all of these."""
        return self.names.gather_every(_BLOCK).to_list()

    def name(self, index: int) -> str:
        """The name at an index."""
        return str(self.names[index])

    def names_of(self, index: Index) -> pl.Series:
        """The names at many indices, (n,) String."""
        return self.names.gather(index)

    def locate(self, names: pl.Series | Iterable[str]) -> tuple[Index, Mask]:
        """Indices of the known names, in the order given, and which names those were.

        Returns the indices of the known ones only, int32 (n_known,), and a mask (n,); a missing name has no index.
        """
        found = self.positions(names)
        known = found >= 0
        return found[known], known

    def positions(self, names: pl.Series | Iterable[str]) -> Index:
        """The index of each name, in the order given, int32 (n,); -1 for null and for a name that is not in the map."""
        if not isinstance(names, pl.Series):
            names = list(names)
            if len(names) <= _HANDFUL:  # the query engine takes as long for one name as a search in Python for forty
                found = (None if name is None else self.find(name) for name in names)
                return np.array([-1 if at is None else at for at in found], dtype=np.int32)
            names = pl.Series(names, dtype=pl.String)
        series = names.cast(pl.String)
        few = len(series) * _FEW < len(self)
        return _search(self.names, series) if few else look_up(self.names, series)


def _search(names: pl.Series, asked: pl.Series) -> Index:
    """The position of each asked name by binary search: for few names, where a hash table is not worth its making."""
    at = np.minimum(names.search_sorted(asked).to_numpy(), len(names) - 1).astype(np.int32)
    same = (names.gather(at) == asked).fill_null(False).to_numpy()
    return np.where(same, at, -1).astype(np.int32)


def _distinct_in_order(names: pl.Series) -> pl.Series:
    """Sorted without repeats. Where most names differ, sorting first needs a third of the memory of a hash table."""
    if names.to_frame().select(pl.all().approx_n_unique()).item() < len(names) // 2:
        return names.unique().sort()
    ordered = names.sort()
    first = (ordered != ordered.shift()).fill_null(True)
    return ordered if first.all() else ordered.filter(first)
