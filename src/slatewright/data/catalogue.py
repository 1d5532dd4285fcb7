"""The catalogue: what the shop can show, and what is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from slatewright.core.arrays import Arrays, Frame, Index, Mask, Offsets, Times
from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.idmap import IdMap

# Facts that say which shelves an item stands on and whether it can be sold, as shops commonly call them.
CATEGORY_FACTS = ("categories", "category", "genres", "genre", "product_category", "department")
AVAILABLE_FACTS = ("available", "is_available", "in_stock", "stock")
HIDDEN_FACTS = ("hidden", "is_hidden", "ishidden", "discontinued")
SEPARATORS = r"[|;]"


@dataclass(frozen=True)
class Catalogue:
    """Every item with its shelves; arrays are aligned with ``items``.

    Item ``i`` stands in ``categories[category_offsets[i]:category_offsets[i + 1]]``, indices into ``category_names``.
    ``available`` (n,) is False where the facts say that it cannot be sold. ``first_seen`` (n,) µs UTC is its first
    event; an item without events counts as new at ``as_of``. ``facts`` has one row per item, or no rows at all.
    """

    items: IdMap
    category_names: IdMap
    category_offsets: Offsets
    categories: Index
    available: Mask
    first_seen: Times
    facts: Frame

    @classmethod
    def of(cls, dataset: Dataset) -> "Catalogue":
        """The catalogue of a data set, from its item facts and the first event of each item."""
        names, offsets, flat = _categories(dataset.item_facts, dataset.n_items)
        available = available_of(dataset.item_facts, dataset.n_items)
        first_seen = _first_seen(dataset.interactions, dataset.n_items, dataset.as_of)
        return cls(dataset.items, names, offsets, flat, available, first_seen, dataset.item_facts)

    def __len__(self) -> int:
        return len(self.items)

    def categories_of(self, item: int) -> list[str]:
        """The names of one item's categories."""
        start, stop = self.category_offsets[item], self.category_offsets[item + 1]
        return [self._category_names[at] for at in self.categories[start:stop].tolist()]

    @cached_property
    def _category_names(self) -> list[str]:
        """Asked for with every item that is shown, where a query of the table would cost more than all the rest."""
        return self.category_names.names.to_list()

    def facts_of(self, item: int) -> dict[str, object]:
        """What is known of one item, nulls left out."""
        if self.facts.height == 0:
            return {}
        return {name: value for name, value in self.facts.row(item, named=True).items() if value is not None}

    def title(self, item: int) -> str:
        """What to call an item before people: its title where it has one, its id otherwise."""
        return self.title_among(self.facts_of(item), item)

    def title_among(self, facts: Mapping[str, object], item: int) -> str:
        """The same by facts of the item that are at hand."""
        for name in ("title", "name", "description"):
            if facts.get(name):
                return str(facts[name])
        return self.items.name(item)

    def shelves(self) -> tuple[Offsets, Index]:
        """The items of each category: offsets (n_categories + 1,) and items, int32 (entries,)."""
        owner = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.category_offsets))
        order = np.argsort(self.categories, kind="stable")
        counts = np.bincount(self.categories, minlength=len(self.category_names))
        return _offsets(counts), owner[order]

    def arrays(self) -> Arrays:
        """The arrays, for a bundle; the names travel as tables."""
        return {
            "category_offsets": self.category_offsets,
            "categories": self.categories,
            "available": self.available,
            "first_seen": self.first_seen,
        }


def _offsets(counts: np.typing.NDArray[np.int64]) -> Offsets:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _column(facts: Frame, names: Sequence[str]) -> pl.Series | None:
    lowered = {column.lower(): column for column in facts.columns}
    found = next((lowered[name] for name in names if name in lowered), None)
    return None if found is None or facts.height == 0 else facts[found]


def _categories(facts: Frame, n_items: int) -> tuple[IdMap, Offsets, Index]:
    column = _column(facts, CATEGORY_FACTS)
    if column is None:
        return IdMap.of([]), np.zeros(n_items + 1, dtype=np.int64), np.empty(0, dtype=np.int32)
    lists = column if isinstance(column.dtype, pl.List) else _split(column)
    pairs = (
        pl.DataFrame({"item": np.arange(n_items, dtype=np.int32), "name": lists.cast(pl.List(pl.String))})
        .explode("name")
        .with_columns(pl.col("name").str.strip_chars())
        .filter(pl.col("name").str.len_bytes() > 0)
        .unique(["item", "name"])
        .sort("item", "name")
    )
    names = IdMap.of(pairs["name"])
    counts = np.bincount(pairs["item"].to_numpy(), minlength=n_items)
    return names, _offsets(counts), names.locate(pairs["name"])[0]


def _split(column: pl.Series) -> pl.Series:
    texts = column.cast(pl.String).str.replace_all(SEPARATORS, "|")
    return texts.str.split("|")


def category_fact(facts: Frame) -> str | None:
    """The fact that says on which shelves an item stands; None where the facts have none."""
    column = _column(facts, CATEGORY_FACTS)
    return None if column is None else column.name


def available_of(facts: Frame, n_items: int) -> Mask:
    """Which items can be sold by their facts, bool (n_items,); those of whom nothing is said can."""
    available = np.ones(n_items, dtype=np.bool_)
    said = _column(facts, AVAILABLE_FACTS)
    if said is not None:
        available &= _truth(said, missing=True)
    hidden = _column(facts, HIDDEN_FACTS)
    if hidden is not None:
        available &= ~_truth(hidden, missing=False)
    return available


def _truth(column: pl.Series, *, missing: bool) -> Mask:
    """Yes or no, from a boolean, a number (above zero is yes) or a word."""
    if column.dtype == pl.Boolean:
        yes = column
    elif column.dtype.is_numeric():
        yes = column > 0
    else:
        words = column.cast(pl.String).str.strip_chars().str.to_lowercase()
        yes = ~words.is_in(["", "0", "false", "no", "n", "out of stock", "unavailable"])
    return yes.fill_null(missing).to_numpy().astype(np.bool_)


def _first_seen(interactions: Interactions, n_items: int, as_of: int) -> Times:
    first = np.full(n_items, as_of, dtype=np.int64)
    np.minimum.at(first, interactions.item, interactions.time)
    return first
