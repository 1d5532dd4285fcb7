"""Features of a history against their definitions, event by event."""

import math
from dataclasses import replace

import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.clock import MICROSECONDS_PER_SECOND as SECOND
from slatewright.data.histories import Histories
from slatewright.data.showings import MOST_SHOWN, Showings
from slatewright.features import (
    Activity,
    Feature,
    FeatureSet,
    HistoryCount,
    HistoryRecency,
    HistoryShare,
    Ignored,
    Moment,
    PriceAgainstHabit,
    SessionCount,
)
from tests.features.worlds import N_ITEMS, START, catalogue, events, histories, random_rows

CATALOGUE = catalogue()
NOW = START + 21 * DAY
HISTORY = histories(events(random_rows(200, 20, rng=7))).one(2)
ALL = np.arange(N_ITEMS, dtype=np.int32)
HOUR = 3600 * SECOND


def column(feature: Feature, history: Histories = HISTORY, *, longest: int = 1000, now: int = NOW) -> list[float]:
    """What the feature says of every item to somebody with this history."""
    bound = FeatureSet((feature,), longest).bind(CATALOGUE)
    table = bound.read(Moment(now, history), ALL, bound.nothing(now))
    return [float(one) for one in table[:, 0]]


def past(kind: str | None) -> list[tuple[int, float]]:
    """Item and age in days of each event of a kind."""
    assert HISTORY.kinds is not None
    rows = zip(HISTORY.items.tolist(), HISTORY.times.tolist(), HISTORY.kinds.tolist(), strict=True)
    return [(item, (NOW - time) / DAY) for item, time, code in rows if kind in (None, HISTORY.kind_names[code])]


def key(item: int, by: str) -> object:
    return item if by == "item" else CATALOGUE.facts[by][item]


@pytest.mark.parametrize("by", ["item", "category", "brand"])
@pytest.mark.parametrize("kind", [None, "view"])
def test_counts_shares_and_recency_of_what_the_user_did(kind: str | None, by: str) -> None:
    counts, shares, recent = (
        column(feature(kind, 4, by)) for feature in (HistoryCount, HistoryShare, HistoryRecency)
    )  # fmt: skip
    everything = sum(0.5 ** (age / 4) for _, age in past(kind))
    for item in ALL.tolist():
        ages = [age for one, age in past(kind) if key(item, by) is not None and key(one, by) == key(item, by)]
        assert counts[item] == pytest.approx(sum(0.5 ** (age / 4) for age in ages), rel=1e-5)
        assert shares[item] == pytest.approx(counts[item] / everything, rel=1e-5)
        assert recent[item] == pytest.approx(0.5 ** (min(ages, default=math.inf) / 4), rel=1e-5)
    assert max(counts) > 0


def test_a_pause_ends_a_session() -> None:
    times = [NOW - 30 * HOUR, NOW - 5 * HOUR, NOW - 4 * HOUR, NOW - 3 * HOUR]
    history = Histories.of([[0, 0, 1, 4]], times=[times])
    assert column(SessionCount(minutes=179, by="item"), history) == [0.0] * N_ITEMS
    for minutes, wanted in ((180, [1, 1, 4]), (1499, [1, 1, 4]), (1501, [2, 1, 4])):
        found = column(SessionCount(minutes=minutes, by="item"), history)
        assert (found[0], found[1], found[4]) == (wanted[0], 1, 1)
        assert column(Activity(session_minutes=minutes), history) == [sum(found)] * N_ITEMS
    by_category = column(SessionCount(minutes=180), history)
    assert by_category[1] == by_category[4] == by_category[7] == 2  # all three are of one category


def test_a_price_is_held_against_those_of_the_history() -> None:
    history = Histories.of([[0, 1, 3]], times=[[NOW - 2 * DAY, NOW - DAY, NOW]])  # of 3 no price is known
    found = column(PriceAgainstHabit(), history)
    usual = (math.log(2) + math.log(3)) / 2
    for item in ALL.tolist():
        price = CATALOGUE.facts["price"][item]
        assert found[item] == pytest.approx(0 if price is None else math.log(price) - usual, abs=1e-6)
    weighted = column(PriceAgainstHabit(half_life_days=1), history)
    assert weighted[1] == pytest.approx(math.log(3) - (math.log(2) * 0.25 + math.log(3) * 0.5) / 0.75, abs=1e-6)
    assert column(PriceAgainstHabit(), Histories.of([[3, 8]])) == [0.0] * N_ITEMS


def test_of_a_long_history_the_newest_events_are_looked_at() -> None:
    whole, newest = column(HistoryCount()), column(HistoryCount(), longest=5)
    assert sum(whole) == len(HISTORY.items)
    assert sum(newest) == 5
    last = HISTORY.only(np.arange(len(HISTORY.items)) >= len(HISTORY.items) - 5)
    assert newest == column(HistoryCount(), last)


def test_nobody_and_events_of_no_told_kind() -> None:
    for feature in (HistoryCount(), HistoryShare(), HistoryRecency(), SessionCount(), Activity(), PriceAgainstHabit()):
        assert column(feature, Histories.of([[]])) == [0.0] * N_ITEMS
    assert column(HistoryCount("view"), Histories.of([[2, 2]]))[2] == 2  # kinds that are not known go for any


def test_an_event_that_the_clock_has_not_reached_is_of_now() -> None:
    ahead = Histories.of([[2]], times=[[NOW + DAY]])
    assert column(HistoryRecency(), ahead)[2] == 1.0
    assert column(SessionCount(by="item"), ahead)[2] == 1.0


def lately(*shown: tuple[int, float], done: tuple[tuple[int, float], ...] = ()) -> Histories:
    """A history of somebody to whom items were shown: item and days ago, oldest first."""
    items, ages = [list(one) for one in zip(*done, strict=True)] if done else ([], [])
    seen, days = [list(one) for one in zip(*shown, strict=True)]
    showings = Showings.of(
        np.zeros(len(seen), np.int32), np.array(seen, np.int32), np.array([NOW - round(day * DAY) for day in days]), 1
    )
    past = Histories.of([items], times=[[NOW - round(age * DAY) for age in ages]])
    return replace(past, shown=showings)


def test_what_was_shown_counts_until_something_is_done_with_it() -> None:
    history = lately((0, 6), (0, 4), (4, 3), (0, 2), (4, 1), (5, 1), done=((0, 4), (5, 2)))
    assert column(Ignored(None), history)[:6] == [1, 0, 0, 0, 2, 1]  # 0 was taken as it was shown the second time
    found = column(Ignored(2), history)
    assert found[0] == pytest.approx(0.5)
    assert found[4] == pytest.approx(0.5**1.5 + 0.5**0.5)
    by_category = column(Ignored(None, by="category"), history)  # 1, 4, 7, 10 and 2, 5, 8, 11 are of one category
    assert by_category[:3] == [1, 2, 1]
    assert by_category[3:6] == [1, 2, 1]


def test_what_was_shown_is_a_kind_of_its_own() -> None:
    history = lately((0, 4), (0, 2), (4, 1), done=((0, 3), (7, 1)))
    assert column(HistoryCount("impression"), history)[:5] == [2, 0, 0, 0, 1]
    assert column(HistoryRecency("impression", 2), history)[0] == pytest.approx(0.5)
    assert column(Activity("impression"), history) == [3.0] * N_ITEMS
    assert column(HistoryCount(), history)[:5] == [1, 0, 0, 0, 0]  # without a kind, what was done
    assert column(HistoryCount("view"), history)[0] == 1
    nothing = Histories.of([[3]])
    assert column(HistoryCount("impression"), nothing) == column(Ignored(), nothing) == [0.0] * N_ITEMS


def test_of_what_was_shown_the_newest_and_the_last_month_count() -> None:
    month = lately((1, 30.01), (1, 29.9), (2, 1))
    assert column(Ignored(None), month)[:3] == [0, 1, 1]
    many = lately(*[(at % 2, 9 - at / 100) for at in range(MOST_SHOWN + 20)])
    assert sum(column(Ignored(None), many)) == MOST_SHOWN
