"""Spells: from each purchase of an item to the next one, on a clock on which 1 is the usual time."""

from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets, Scores
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.models.repeats.occasions import Occasions

LENT_BY_ALL = 30.0  # intervals of all items lent to the usual interval of each
LENT_BY_ITEM = 3.0  # usual intervals of the item lent to that of each pair
USUAL_VISITS = 1.0  # between two purchases of an item, in a shop where nothing was ever bought twice


@dataclass(frozen=True, slots=True)
class Spells:
    """From each occasion to the next of its pair, or to now, each array (occasions,):

    ``item`` int32 and ``count`` int64 as in ``Occasions``; ``start`` and ``length`` float64, days; ``ended`` bool,
    whether the item was bought again; ``pace`` float64, usual intervals a day, see ``paces``.
    """

    item: Index
    count: Offsets
    start: Array
    length: Array
    ended: Array
    pace: Array


def spells_of(occasions: Occasions, interval_visits: Scores, now: int) -> Spells:
    """Every occasion waits for the next one; the last of a pair still does."""
    lengths = _lengths(occasions, now)
    start = occasions.day.astype(np.float64)
    pace = paces(occasions, interval_visits)
    return Spells(occasions.item, occasions.count, start, lengths, ~occasions.is_last, pace)


def interval_visits_of(occasions: Occasions, n_items: int, now: int) -> Scores:
    """Visits of the owner between two purchases of each item, float32 (n_items,): the mean, lent 30 of all items."""
    ended = ~occasions.is_last
    visits = (_lengths(occasions, now) * occasions.visits[occasions.owner])[ended]
    sums = np.bincount(occasions.item[ended], visits, minlength=n_items)
    times = np.bincount(occasions.item[ended], minlength=n_items)
    usual = sums.sum() / times.sum() if times.sum() else USUAL_VISITS
    means: Scores = ((sums + LENT_BY_ALL * usual) / (times + LENT_BY_ALL)).astype(np.float32)
    return means


def paces(occasions: Occasions, interval_visits: Scores) -> Array:
    """How many of a pair's usual intervals pass in a day, after each occasion, float64 (occasions,).

    The usual interval is the mean of the pair's own so far, lent three of the item's; it is counted in visits of the
    owner, because who comes every week runs out of coffee sooner than who comes every month.
    """
    rate = occasions.visits[occasions.owner]
    own = (occasions.day - occasions.first) * rate
    usual = (own + LENT_BY_ITEM * interval_visits[occasions.item]) / (occasions.count - 1 + LENT_BY_ITEM)
    return np.asarray(rate / np.maximum(usual, 1e-9))


def _lengths(occasions: Occasions, now: int) -> Array:
    """Days from each occasion to the next of its pair, or to now, float64 (occasions,)."""
    today = now / MICROSECONDS_PER_DAY
    following = np.append(occasions.day[1:], 0)[: len(occasions.day)]
    return np.where(occasions.is_last, np.maximum(today - occasions.day, 0), following - occasions.day)
