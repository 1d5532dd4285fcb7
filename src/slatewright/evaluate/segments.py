"""Who is served well, and which items: the segments of users and of items that an evaluation is broken down by."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame, Mask, Offsets, Times
from slatewright.core.errors import BadInput
from slatewright.data.splits import Cases
from slatewright.evaluate.items_known import ItemsKnown
from slatewright.metrics.popularity_bias import BANDS

MOST = 8  # values of a fact that are shown one by one; the others are one segment
REST, UNTOLD = "other", "not known"
HISTORY, POPULARITY, CATEGORY, AGE = "history_length", "popularity", "category", "age"
LENGTHS = ((0, "nothing yet"), (1, "1 to 4 events"), (5, "5 to 19"), (20, "20 to 99"), (100, "100 or more"))
AGES = ((0, "up to 30 days"), (31, "31 to 180"), (181, "181 to 365"), (366, "older than a year"))
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class By:
    """What to break an evaluation down by: facts of users (or ``history_length``), and facts of items.

    Items can be told apart by ``popularity`` (head, mid, tail), ``category`` and ``age`` (days since the first event),
    too.
    """

    users: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


NO_SEGMENTS = By()


@dataclass(frozen=True, slots=True)
class Segment:
    """Some users, bool (cases,), or some items, bool (n_items,)."""

    name: str
    members: Mask


def user_segments(by: str, cases: Cases) -> list[Segment]:
    """The segments of the users of some cases, by a fact or by ``history_length``.

    Raises:
        BadInput: no user has such a fact.
    """
    if by == HISTORY:
        return _bands(cases.histories.lengths(), LENGTHS)
    facts = cases.histories.facts
    column = _column(by, pl.DataFrame() if facts is None else facts, (HISTORY,), "users")
    return _by_value(column, np.ones(len(column), dtype=np.int64))


def item_segments(by: str, items: ItemsKnown) -> list[Segment]:
    """The segments of all items, by a fact, or by ``popularity``, ``category`` or ``age``.

    Raises:
        BadInput: no item has such a fact.
    """
    if by == POPULARITY:
        return [Segment(name, items.bands == band) for band, name in enumerate(BANDS)]
    if by == AGE:
        return _bands(_days(items.catalogue.first_seen, items.train.as_of), AGES)
    if by == CATEGORY and len(items.catalogue.category_names):
        return _by_category(items)
    return _by_value(_column(by, items.train.item_facts, (POPULARITY, CATEGORY, AGE), "items"), items.takers)


def _days(since: Times, now: int) -> Array:
    return np.maximum(0, now - since) // DAY


def _bands(numbers: Array, bands: tuple[tuple[int, str], ...]) -> list[Segment]:
    band = np.searchsorted([least for least, _ in bands], numbers, "right") - 1
    return [Segment(name, band == at) for at, (_, name) in enumerate(bands) if (band == at).any()]


def _by_category(items: ItemsKnown) -> list[Segment]:
    shelves = items.catalogue
    owner = np.repeat(np.arange(len(shelves)), np.diff(shelves.category_offsets))
    names = shelves.category_names.names_of(shelves.categories)
    return _largest(pl.DataFrame({"row": owner, "name": names}), len(shelves), items.takers)


def _column(by: str, facts: Frame, others: tuple[str, ...], whose: str) -> pl.Series:
    found = next((name for name in facts.columns if name.lower() == by.lower()), None)
    if found is None or facts[found].null_count() == facts.height:
        known = ", ".join([*others, *facts.columns])
        raise BadInput(f"{whose} can be told apart by {known}; got {by!r}, which is known of none")
    return facts[found]


def _by_value(column: pl.Series, size: Offsets) -> list[Segment]:
    """One segment per value (numbers in quarters), the largest first, and one for what is not known."""
    if column.dtype.is_numeric() and column.n_unique() > MOST:
        return _quarters(column)
    named = pl.DataFrame({"row": np.arange(len(column)), "name": column})
    if isinstance(column.dtype, pl.List):
        named = named.explode("name")
    return _largest(named.with_columns(pl.col("name").cast(pl.String)), len(column), size)


def _largest(named: Frame, n: int, size: Offsets) -> list[Segment]:
    """Segments from pairs of ``row`` and ``name``; a row may have several names, or none."""
    pairs = named.drop_nulls().unique(["row", "name"]).with_columns(pl.col("row").cast(pl.Int64))
    sizes = pairs.with_columns(size=pl.Series(size[pairs["row"].to_numpy()])).group_by("name").agg(pl.col("size").sum())
    order = sizes.sort(["size", "name"], descending=[True, False])["name"]
    first = order if len(order) <= MOST + 1 else order.head(MOST)
    segments = [Segment(name, _rows(pairs.filter(pl.col("name") == name), n)) for name in first]
    rest = _rows(pairs.filter(~pl.col("name").is_in(first.implode())), n)
    untold = ~_rows(pairs, n)
    return [*segments, *(Segment(name, rows) for name, rows in ((REST, rest), (UNTOLD, untold)) if rows.any())]


def _rows(pairs: Frame, n: int) -> Mask:
    members = np.zeros(n, dtype=np.bool_)
    members[pairs["row"].to_numpy()] = True
    return members


def _quarters(column: pl.Series) -> list[Segment]:
    known = column.is_not_null().to_numpy()
    numbers = column.cast(pl.Float64).fill_null(0.0).to_numpy()
    edges = np.unique(np.quantile(numbers[known], [0, 0.25, 0.5, 0.75, 1]))
    part = np.clip(np.searchsorted(edges, numbers, "right") - 1, 0, max(0, len(edges) - 2))
    segments = [Segment(f"{low:g} to {high:g}", known & (part == at)) for at, (low, high) in enumerate(pairwise(edges))]
    return [*segments, *([Segment(UNTOLD, ~known)] if not known.all() else [])]
