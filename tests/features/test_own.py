"""Features of a history against their definitions, event by event."""

import math

import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.clock import MICROSECONDS_PER_SECOND as SECOND
from slatewright.data.histories import Histories
from slatewright.features import (
    Activity,
    Feature,
    FeatureSet,
    HistoryCount,
    HistoryRecency,
    HistoryShare,
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
