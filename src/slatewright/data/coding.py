"""Turn columns of names into dense numbers, fast: an open-addressing hash table over 64-bit hashes.

Hashes come from Polars, the table is a kernel. Equal hashes of different names are looked for afterwards by comparing
the names themselves, so an answer is exact; should it ever happen, a slower join takes over.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from slatewright.core.arrays import Index
from slatewright.core.kernels import kernel

_EMPTY = -1
_CHUNK = 2_000_000  # rows compared at a time, so that the check needs little memory

_Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as numbers: ``codes`` int32 (rows,) into ``names`` (distinct, in order of first appearance)."""

    names: pl.Series
    codes: Index


def code_names(column: pl.Series) -> Coded:
    """Number the distinct names of a column without nulls, in order of first appearance."""
    hashes = hashes_of(column)
    codes = np.empty(len(column), dtype=np.int32)
    names = column.gather(_number(hashes, codes))
    if same_names(names, codes, column):
        return Coded(names, codes)
    names = column.unique(maintain_order=True)
    return Coded(names, join_codes(names, column).to_numpy().astype(np.int32))


def look_up(names: pl.Series, asked: pl.Series) -> Index:
    """The position of each asked name in ``names`` (distinct), int32 (n,); -1 where it is not there or null."""
    hashes = hashes_of(names)
    table, distinct = _table(hashes)
    codes = _find(hashes, table, hashes_of(asked))
    codes[asked.is_null().to_numpy()] = _EMPTY
    known = codes >= 0
    if distinct and same_names(names, codes[known], asked.filter(pl.Series(known))):
        return codes
    return join_codes(names, asked).fill_null(_EMPTY).to_numpy().astype(np.int32)


def hashes_of(column: pl.Series) -> _Hashes:
    """64-bit hashes, the same for equal names in one process."""
    return column.hash(seed=0).to_numpy()


def same_names(names: pl.Series, codes: Index, column: pl.Series) -> bool:
    """Whether ``names`` at ``codes`` is ``column``, name by name."""
    for at in range(0, len(codes), _CHUNK):
        if not (names.gather(codes[at : at + _CHUNK]) == column.slice(at, _CHUNK)).all():
            return False
    return True


def join_codes(names: pl.Series, asked: pl.Series) -> pl.Series:
    """``look_up`` without hashing of ours: null where a name is not there."""
    ranks = pl.DataFrame({"id": names, "code": np.arange(len(names), dtype=np.int32)})
    return asked.alias("id").to_frame().join(ranks, on="id", how="left", maintain_order="left")["code"]


@kernel()
def _number(hashes: _Hashes, codes: Index) -> npt.NDArray[np.int64]:
    """Fill ``codes`` with a number per distinct hash, counted from 0; return the row where each appeared first."""
    size = 1 << 12
    table = np.full(size, -1, dtype=np.int32)
    seen = np.empty(size >> 1, dtype=np.uint64)
    first = np.empty(size >> 1, dtype=np.int64)
    count = 0
    for row in range(len(hashes)):
        if count == len(seen):  # half full: double, so that probes stay short
            size <<= 1
            seen = np.concatenate((seen, np.empty(count, dtype=np.uint64)))
            first = np.concatenate((first, np.empty(count, dtype=np.int64)))
            table = np.full(size, -1, dtype=np.int32)
            for code in range(count):
                at = np.int64(seen[code] & np.uint64(size - 1))
                while table[at] >= 0:
                    at = (at + 1) & (size - 1)
                table[at] = code
        at = np.int64(hashes[row] & np.uint64(size - 1))
        while table[at] >= 0 and seen[table[at]] != hashes[row]:
            at = (at + 1) & (size - 1)
        if table[at] < 0:
            table[at], seen[count], first[count] = count, hashes[row], row
            count += 1
        codes[row] = table[at]
    return first[:count].copy()


@kernel()
def _table(hashes: _Hashes) -> tuple[Index, bool]:
    """The positions of ``hashes`` as an open-addressing table, at most 3/4 full, and whether all of them differ."""
    size = 16
    while 3 * size < 4 * len(hashes):
        size <<= 1
    table = np.full(size, -1, dtype=np.int32)
    distinct = True
    for position in range(len(hashes)):
        at = np.int64(hashes[position] & np.uint64(size - 1))
        while table[at] >= 0:
            distinct = distinct and hashes[table[at]] != hashes[position]
            at = (at + 1) & (size - 1)
        table[at] = position
    return table, distinct


@kernel()
def _find(hashes: _Hashes, table: Index, asked: _Hashes) -> Index:
    """The position of each asked hash, or -1."""
    found = np.empty(len(asked), dtype=np.int32)
    for row in range(len(asked)):
        at = np.int64(asked[row] & np.uint64(len(table) - 1))
        while table[at] >= 0 and hashes[table[at]] != asked[row]:
            at = (at + 1) & (len(table) - 1)
        found[row] = table[at]
    return found
