"""Occasions: the days on which somebody bought something, and the spells between them."""

from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.histories import Histories

PURCHASE = "purchase"
PRIOR_VISITS, PRIOR_DAYS = 1.0, 30.0  # lent to everybody: somebody new is taken to come once a month


@dataclass(frozen=True, slots=True)
class Occasions:
    """Buying the same item twice on one day is one occasion. By owner, item and day; each array (occasions,):

    ``owner`` int64 (row of the history), ``item`` int32, ``day`` int64 since 1970, ``count`` int64 (occasions of this
    pair so far, from 1), ``first`` int64 (the day of the first of them), ``is_last`` bool. ``visits`` float64 (n,):
    visits a day of each owner, see ``visit_rates``.
    """

    owner: Offsets
    item: Index
    day: Offsets
    count: Offsets
    first: Offsets
    is_last: Array
    visits: Array


def occasions_of(histories: Histories, now: int) -> Occasions:
    """The purchases in some histories, as seen at ``now`` (µs UTC); every event where no purchase is told of."""
    bought = histories.only(bought_in(histories))
    n_items = 1 + int(bought.items.max(initial=0))
    owner = np.repeat(np.arange(len(bought)), bought.lengths())
    day = bought.times // MICROSECONDS_PER_DAY
    pair = owner * n_items + bought.items
    order = np.lexsort((day, pair))
    pair, day = pair[order], day[order]
    kept = np.ones(len(pair), dtype=np.bool_)
    kept[1:] = (pair[1:] != pair[:-1]) | (day[1:] != day[:-1])
    pair, day = pair[kept], day[kept]
    new = np.ones(len(pair), dtype=np.bool_)
    new[1:] = pair[1:] != pair[:-1]
    starts = np.flatnonzero(new)
    group = np.cumsum(new) - 1
    count = np.arange(len(pair)) - starts[group] + 1
    owner, item = np.divmod(pair, n_items)
    rates = visit_rates(owner, day, len(bought), now)
    return Occasions(
        owner, item.astype(np.int32), day, count, day[starts][group], np.append(new[1:], True)[: len(pair)], rates
    )


def bought_in(histories: Histories) -> Array:
    """Which events count as buying, bool (events,): purchases of some weight, or all events where none is told of."""
    some = histories.weights > 0
    bought = histories.of_kind(PURCHASE)
    return some & bought if PURCHASE in histories.kind_names or histories.kinds is None else some


def visit_rates(owner: Offsets, day: Offsets, n: int, now: int) -> Array:
    """Visits a day of each of n owners, float64 (n,): (days they bought on + 1) / (days since the first + 30)."""
    today = now / MICROSECONDS_PER_DAY
    first = np.full(n, np.inf)
    np.minimum.at(first, owner, day)
    span = np.maximum(today - np.where(np.isfinite(first), first, today), 0)
    return (np.bincount(visitors(owner, day), minlength=n) + PRIOR_VISITS) / (span + PRIOR_DAYS)


def visitors(owner: Offsets, day: Offsets) -> Offsets:
    """The owner of each visit, int64 (visits,): a visit is a day on which an owner bought anything."""
    if not len(day):
        return owner
    start, days = day.min(), np.ptp(day) + 1
    return np.unique(owner * days + (day - start)) // days
