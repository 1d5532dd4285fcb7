"""Visits of the simulated shop: views, carts and purchases, drawn for all people at once."""

from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Index, Times
from slatewright.core.clock import MICROSECONDS_PER_DAY, MICROSECONDS_PER_SECOND, instant
from slatewright.simulate.catalogue import Goods
from slatewright.simulate.knobs import Simulation
from slatewright.simulate.people import People
from slatewright.simulate.words import DEPARTMENTS

WEEKDAYS = np.array([0.9, 0.9, 0.95, 1.0, 1.1, 1.25, 1.2])
HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 6, 7, 8, 8, 9, 10, 9, 8, 8, 9, 10, 12, 14, 15, 13, 9, 5]) / 172
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Visits:
    """One row per visit: ``user``, ``day`` and ``taste`` int32, ``start`` float64 seconds since the first day."""

    user: Index
    day: Index
    taste: Index
    start: Array


@dataclass(frozen=True, slots=True)
class Views:
    """One row per view, by visit: ``visit`` and ``item`` int32, ``time`` float64 seconds since the first day."""

    visit: Index
    item: Index
    time: Array


def draw_visits(knobs: Simulation, people: People, rng: np.random.Generator) -> Visits:
    """When who comes, and in which mood."""
    user = np.repeat(np.arange(knobs.users, dtype=np.int32), people.visits)
    days = np.arange(knobs.days)
    busy = np.cumsum(WEEKDAYS[days % 7] * (1 + 0.3 * days / knobs.days))
    since = np.append(0, busy)[people.joined[user]]
    day = np.searchsorted(busy, since + rng.random(len(user)) * (busy[-1] - since), side="right")
    day = np.minimum(day, knobs.days - 1).astype(np.int32)
    hour = np.searchsorted(np.cumsum(HOURS), rng.random(len(user)) * HOURS.sum(), side="right").clip(0, 23)
    start = day * SECONDS_PER_DAY + (hour + rng.random(len(user))) * 3600
    return Visits(user, day, _pick(people.mixture, user, rng), start)


def draw_views(knobs: Simulation, goods: Goods, liking: Array, visits: Visits, rng: np.random.Generator) -> Views:
    """Which items each visit looks at; ``liking`` is (tastes, items)."""
    lengths = rng.geometric(0.28, size=len(visits.user))
    visit = np.repeat(np.arange(len(visits.user), dtype=np.int32), lengths)
    first = np.cumsum(lengths) - lengths
    step = np.arange(len(visit)) - np.repeat(first, lengths)
    item = np.empty(len(visit), dtype=np.int32)
    week = visits.day[visit] // 7
    for one in range(int(week.max(initial=-1)) + 1):  # the shelves change from week to week
        rows = np.flatnonzero(week == one)
        item[rows] = _pick(liking * _in_season(knobs, goods, one), visits.taste[visit[rows]], rng)
    follows = rng.random(len(visit)) < knobs.companion_share
    for place in range(1, int(lengths.max(initial=0))):
        rows = np.flatnonzero(follows & (step == place))
        following = goods.companion[item[rows - 1]]
        there = goods.launched[following] <= visits.day[visit[rows]]
        item[rows] = np.where(there, following, item[rows])
    dwell = 4 + rng.exponential(40, size=len(visit))
    passed = np.cumsum(dwell)
    time = visits.start[visit] + passed - (passed - dwell)[np.repeat(first, lengths)]
    return Views(visit, item, time)


def wants(people: People, liking: Array, visits: Visits, views: Views) -> Array:
    """How much the viewer likes the viewed item against an average person, from 0 to 1, float64 (views,)."""
    user = visits.user[views.visit]
    own = np.einsum("ij,ij->i", people.mixture[user], liking.T[views.item])
    average = (people.mixture.mean(axis=0) @ liking)[views.item]
    return np.asarray(own / (own + 3 * average))


def absolute(knobs: Simulation, seconds: Array) -> Times:
    """Instants in µs UTC of seconds since the first day."""
    whole = np.round(seconds * 1000).astype(np.int64) * (MICROSECONDS_PER_SECOND // 1000)
    return np.asarray(instant(knobs.start) + whole, dtype=np.int64)


def last_instant(knobs: Simulation) -> int:
    """The end of the last day, µs UTC."""
    return instant(knobs.start) + knobs.days * MICROSECONDS_PER_DAY


def _in_season(knobs: Simulation, goods: Goods, week: int) -> Array:
    """The factor on each item's appeal in one week, float64 (items,); 0 before its launch."""
    month = (instant(knobs.start) / MICROSECONDS_PER_DAY + 7 * week) % 365.25 / 30.44
    swing = [0.0 if d.peak_month is None else np.cos((month - d.peak_month) / 12 * 2 * np.pi) for d in DEPARTMENTS]
    factor = np.exp(0.7 * np.array(swing))[goods.department]
    return np.where(goods.launched <= 7 * week, factor, 0.0)


def _pick(table: Array, rows: Index, rng: np.random.Generator) -> Index:
    """For each of ``rows`` one column of ``table``, drawn in proportion to that row; int32 (rows,)."""
    shares = np.cumsum(table, axis=1)
    shares /= shares[:, -1:]
    stacked = (shares + np.arange(len(table))[:, None]).ravel()  # row r lives in (r, r + 1]
    place = np.searchsorted(stacked, rows + rng.random(len(rows)), side="right")
    column = np.minimum(place - rows.astype(np.int64) * table.shape[1], table.shape[1] - 1)
    return np.asarray(column, dtype=np.int32)
