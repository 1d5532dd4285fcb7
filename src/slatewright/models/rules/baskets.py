"""Baskets: what was taken together."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Index, Offsets, Times
from slatewright.core.clock import MICROSECONDS_PER_SECOND
from slatewright.core.errors import BadInput
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.fading import faded

FULL = 255  # what a basket of the last instant is worth


@dataclass(frozen=True)
class Baskets:
    """Basket b holds ``items[offsets[b]:offsets[b + 1]]``: int32, distinct; offsets int64 (n + 1,).

    ``worth`` uint8 (n,): how much each counts, from 1 to ``FULL``; None: all count alike.
    """

    offsets: Offsets
    items: Index
    n_items: int
    worth: Array | None = None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @classmethod
    def distinct(cls, offsets: Offsets, items: Index, n_items: int) -> "Baskets":
        """From baskets in which an item may lie twice."""
        kept = np.empty(len(items), dtype=np.bool_)
        _first_of_basket(offsets, items, n_items, kept)
        counts = np.concatenate([[0], np.cumsum(kept)]).astype(np.int64)
        return cls(counts[offsets], items[kept], n_items)


def baskets_of_lists(lists: Iterable[Iterable[object]]) -> tuple[Baskets, IdMap]:
    """Baskets from plain lists of names, and the map of the names; a name that is no text is taken as its text."""
    rows = [one if isinstance(one, list | tuple) else list(one) for one in lists]
    flat: list[Any] = list(chain.from_iterable(rows))
    distinct, code = _coded(flat)
    names = pl.Series(distinct if _all_text(distinct) else list(map(str, distinct)), dtype=pl.String)
    items = IdMap.of(names)
    index = items.positions(names)[code]
    return Baskets.distinct(bounds_of(list(map(len, rows))), index, len(items)), items


def _coded(flat: list[Any]) -> tuple[list[Any], Index]:
    """The distinct names, and which of them each is, int32 (n,)."""
    numbers = np.array(flat) if set(map(type, flat)) == {int} else None
    if numbers is not None and numbers.dtype == np.int64:  # others are too large for it
        values, code = np.unique(numbers, return_inverse=True)
        return values.tolist(), code.astype(np.int32)
    codes = {name: at for at, name in enumerate(dict.fromkeys(flat))}
    return list(codes), np.fromiter(map(codes.__getitem__, flat), dtype=np.int32, count=len(flat))


def _all_text(names: list[Any]) -> bool:
    return all(isinstance(name, str) for name in names)


def bounds_of(lengths: Any) -> Offsets:
    """CSR row pointers int64 (n + 1,) of rows of these lengths."""
    return np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))]).astype(np.int64)


def faded_baskets(
    histories: Histories,
    n_items: int,
    basket_minutes: float | None,
    kinds: tuple[str, ...],
    as_of: int,
    half_life_days: float | None,
) -> Baskets:
    """The baskets of all users, each worth half after ``half_life_days``; what is worth next to nothing is left out.

    Raises:
        BadInput: no event is of such a kind.
    """
    whole, times = _cut(histories, n_items, basket_minutes, kinds)
    if half_life_days is None:
        return whole
    worth = np.rint(FULL * faded(np.ones(len(whole), np.float32), times, as_of, half_life_days)).astype(np.uint8)
    lengths = np.diff(whole.offsets)
    kept = worth > 0
    return Baskets(bounds_of(lengths[kept]), whole.items[np.repeat(kept, lengths)], n_items, worth[kept])


def baskets_of(
    histories: Histories, n_items: int, basket_minutes: float | None, kinds: tuple[str, ...] = ()
) -> Baskets:
    """The baskets of all users: a pause longer than ``basket_minutes`` ends one; None: a history is one basket.

    Only events of some weight count, and only those of ``kinds`` where any are named.

    Raises:
        BadInput: no event is of such a kind.
    """
    return _cut(histories, n_items, basket_minutes, kinds)[0]


def _cut(
    histories: Histories, n_items: int, basket_minutes: float | None, kinds: tuple[str, ...]
) -> tuple[Baskets, Times]:
    """The baskets and when each began, int64 µs (n,)."""
    known = histories.kind_names if histories.kinds is not None else kinds
    if missing := sorted(set(kinds) - set(known)):
        raise BadInput(f"there is no event of kind {missing[0]!r}; the kinds are {', '.join(known) or 'not known'}")
    counts = histories.weights > 0
    kept = histories.only(counts & histories.of_kind(*kinds) if kinds else counts)
    starts = np.zeros(len(kept.items), dtype=np.bool_)
    starts[kept.offsets[:-1][kept.lengths() > 0]] = True
    if basket_minutes is not None and len(starts):
        starts[1:] |= np.diff(kept.times) > basket_minutes * 60 * MICROSECONDS_PER_SECOND
    offsets = np.append(np.flatnonzero(starts), len(starts)).astype(np.int64)
    return Baskets.distinct(offsets, kept.items, n_items), kept.times[offsets[:-1]]


@kernel()
def _first_of_basket(offsets: Array, items: Array, n_items: int, kept: Array) -> None:
    last = np.zeros(n_items, dtype=np.int64)  # one more than the basket an item was last seen in
    for basket in range(len(offsets) - 1):
        for at in range(offsets[basket], offsets[basket + 1]):
            kept[at] = last[items[at]] != basket + 1
            last[items[at]] = basket + 1
