"""What things are counted by: the item itself, its category, a fact that it shares with others."""

from typing import NamedTuple

import numpy as np
import polars as pl

from slatewright.core.arrays import Index, Weights
from slatewright.core.errors import BadInput
from slatewright.data.catalogue import Catalogue
from slatewright.data.idmap import IdMap

PRICE_FACTS = ("price", "unit_price", "UnitPrice", "Price")


class Key(NamedTuple):
    """The key of each item: ``rows`` int32 (n_items,) below ``n``, or ``n`` where the item has none."""

    rows: Index
    n: int


def key_of(catalogue: Catalogue, by: str) -> Key:
    """The keys of a space: ``item``, ``category`` (the first by name of those that an item has), or a fact.

    Raises:
        BadInput: no item has such a fact.
    """
    n_items = len(catalogue)
    if by == "item":
        return Key(np.arange(n_items, dtype=np.int32), n_items)
    if by == "category":
        has = np.diff(catalogue.category_offsets) > 0
        rows = np.full(n_items, len(catalogue.category_names), dtype=np.int32)
        rows[has] = catalogue.categories[catalogue.category_offsets[:-1][has]]
        return Key(rows, len(catalogue.category_names))
    values = column_of(catalogue, by, f"by={by!r}").cast(pl.String)
    names = IdMap.of(values)
    found = names.positions(values)
    return Key(np.where(found < 0, len(names), found).astype(np.int32), len(names))


def number_of(catalogue: Catalogue, fact: str) -> tuple[Weights, Weights]:
    """A fact as numbers, and 1 where it is known, both float32 (n_items,); what is not known is 0.

    Raises:
        BadInput: no item has the fact, or it is not a number.
    """
    column = column_of(catalogue, fact, f"Fact({fact!r})")
    if not (column.dtype.is_numeric() or column.dtype == pl.Boolean):
        raise BadInput(
            f"Fact({fact!r}) must name a fact that is a number, got {column.dtype}; count by={fact!r} instead"
        )
    values = column.cast(pl.Float64).fill_nan(None)
    known = values.is_finite().fill_null(False).to_numpy()
    return np.where(known, values.fill_null(0.0).to_numpy(), 0.0).astype(np.float32), known.astype(np.float32)


def price_of(catalogue: Catalogue) -> tuple[Weights, Weights]:
    """The logarithm of each item's price, and 1 where it is known and above 0, both float32 (n_items,)."""
    facts = catalogue.facts
    name = next((name for name in PRICE_FACTS if name in facts.columns and facts.height), None)
    if name is None or not facts.schema[name].is_numeric():
        nothing = np.zeros(len(catalogue), dtype=np.float32)
        return nothing, nothing
    prices, known = number_of(catalogue, name)
    known = known * (prices > 0)
    return np.log(np.where(known > 0, prices, 1.0)).astype(np.float32), known.astype(np.float32)


def column_of(catalogue: Catalogue, fact: str, who: str) -> pl.Series:
    """A column of facts."""
    if catalogue.facts.height == 0 or fact not in catalogue.facts.columns:
        has = ", ".join(catalogue.facts.columns) if catalogue.facts.height else "no facts"
        raise BadInput(f"{who} must name a fact of the items, which have {has}")
    return catalogue.facts[fact]
