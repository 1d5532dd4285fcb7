"""The labels by which users, items and ratings are grouped: history length and facts, popularity, category and age."""

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Offsets, Times
from slatewright.data.splits import Cases
from slatewright.evaluate.items_known import ItemsKnown
from slatewright.evaluate.segments import (
    AGE,
    CATEGORY,
    HISTORY,
    POPULARITY,
    REST,
    Segment,
    item_segments,
    user_segments,
)

MOST_VALUES = 60  # a fact with more values than that names rows rather than groups them (numbers are banded)


def user_labels(cases: Cases, only: Sequence[str] = ()) -> Frame:
    """One row per case: its history's length, and each fact of its user that tells groups apart; or ``only`` some.

    Raises:
        BadInput: no user has a fact of ``only``.
    """
    facts = pl.DataFrame() if cases.histories.facts is None else cases.histories.facts
    names = only or [HISTORY, *(name for name in _telling(facts) if name != HISTORY)]
    return _frame(((name, user_segments(name, cases)) for name in names), len(cases))


def item_labels(items: ItemsKnown, only: Sequence[str] = ()) -> Frame:
    """One row per item: popularity, category and age, and each fact that tells groups apart; or ``only`` some. In
    several shelves, the largest counts.

    Raises:
        BadInput: no item has a fact of ``only``.
    """
    facts = items.train.item_facts
    known = (POPULARITY, CATEGORY, AGE)
    usual = [POPULARITY, AGE, *([CATEGORY] if len(items.catalogue.category_names) else [])]
    usual += [name for name in _telling(facts) if name.lower() not in (*known, "categories")]
    return _frame(((name, item_segments(name, items)) for name in only or usual), items.train.n_items)


def pair_labels(users: Frame, items: Frame, owners: Offsets, index: Index) -> Frame:
    """One row per pair of case and item: the labels of both, an item's called ``item …`` where users have it too."""
    of_items = items[index].rename({name: f"item {name}" for name in items.columns if name in users.columns})
    return pl.concat([users[owners], of_items], how="horizontal")


def months(times: Times) -> pl.Series:
    """``2024-03``, one per time in µs UTC."""
    return pl.Series("month", np.datetime_as_string(times.astype("datetime64[us]"), unit="M"), dtype=pl.String)


def _telling(facts: Frame) -> list[str]:
    """Facts that are known of somebody and have few values, or are numbers."""
    return [
        column.name
        for column in facts
        if column.null_count() < len(column)
        and (column.dtype.is_numeric() or column.dtype == pl.Boolean or _few(column))
    ]


def _few(column: pl.Series) -> bool:
    return column.dtype in (pl.String, pl.Categorical, pl.Enum) and column.n_unique() <= MOST_VALUES


def _frame(named: Iterable[tuple[str, list[Segment]]], n: int) -> Frame:
    return pl.DataFrame([_column(name, segments, n) for name, segments in named])


def _column(name: str, segments: list[Segment], n: int) -> pl.Series:
    """The first segment that a row is in; null outside of all, and in what is left over."""
    at = np.full(n, -1, dtype=np.int64)
    for place, segment in enumerate(segments):
        if segment.name != REST:
            at[(at < 0) & segment.members] = place
    names = pl.Series(name, [segment.name for segment in segments], dtype=pl.String)
    return names.gather(np.maximum(at, 0)).zip_with(pl.Series(at >= 0), pl.Series(name, [None], dtype=pl.String))
