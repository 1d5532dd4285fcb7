"""Features of the shop against their definitions, event by event."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.errors import BadKnob
from slatewright.data.histories import Histories
from slatewright.features import Count, Feature, FeatureSet, Mean, Moment, Newness, Rate, Recency, Trend
from tests.features.worlds import ITEMS, KINDS, N_ITEMS, START, catalogue, events, random_rows

CATALOGUE = catalogue()
ROWS = random_rows(150, 30, rng=9)
NOW = START + 31 * DAY
ALL = np.arange(N_ITEMS, dtype=np.int32)

Row = tuple[int, int, int, int, float]  # user, item, kind, time after the start, value


def column(feature: Feature, rows: list[Row], now: int = NOW) -> list[float]:
    """What the feature says of every item."""
    bound = FeatureSet((feature,)).bind(CATALOGUE)
    table = bound.read(Moment(now, Histories.of([[]])), ALL, bound.counters(events(rows), now))
    return [float(one) for one in table[:, 0]]


def matching(rows: list[Row], kind: str | None, item: int | None, by: str) -> list[Row]:
    """The events of a kind and of whatever shares the item's key; ``item`` None: of all items that have one."""

    def key(one: int) -> Any:
        return one if by == "item" else (CATALOGUE.facts[by][one])

    return [
        row
        for row in rows
        if (KINDS[row[2]] == kind or (kind is None and KINDS[row[2]] not in ("impression", "return")))
        and key(row[1]) is not None
        and (item is None or key(row[1]) == key(item))
    ]


def faded(rows: list[Row], days: float | None, of: Callable[[Row], float] = lambda _: 1.0) -> float:
    return sum(of(row) * (1.0 if days is None else 0.5 ** ((NOW - START - row[3]) / DAY / days)) for row in rows)


@pytest.mark.parametrize("by", ["item", "brand"])
@pytest.mark.parametrize("kind", [None, "view", "impression", "return", "unheard of"])
@pytest.mark.parametrize("days", [None, 0.5, 10])
def test_a_count_is_the_faded_number_of_events(kind: str | None, days: float | None, by: str) -> None:
    found = column(Count(kind, days, by), ROWS)
    wanted = [faded(matching(ROWS, kind, item, by), days) for item in range(N_ITEMS)]
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


@pytest.mark.parametrize("by", ["item", "brand"])
@pytest.mark.parametrize("prior", [0.0, 4.0])
def test_a_rate_is_drawn_to_that_of_the_shop(prior: float, by: str) -> None:
    found = column(Rate("purchase", "impression", 8, prior, by), ROWS)
    usual = faded(matching(ROWS, "purchase", None, by), 8) / faded(matching(ROWS, "impression", None, by), 8)
    wanted = []
    for item in range(N_ITEMS):
        of, per = (faded(matching(ROWS, kind, item, by), 8) for kind in ("purchase", "impression"))
        wanted.append((of + prior * usual) / (per + prior) if per + prior > 0 else 0.0)
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


def test_a_rate_of_nothing_is_nothing() -> None:
    assert column(Rate("purchase", "view", 3, 0.0), []) == [0.0] * N_ITEMS
    assert column(Rate("purchase", "view", 3, 5.0), []) == [0.0] * N_ITEMS


def test_a_mean_is_drawn_to_that_of_the_shop() -> None:
    found = column(Mean("wave", 8, 3.0), ROWS)
    everything = matching(ROWS, "wave", None, "item")
    usual = faded(everything, 8, lambda row: row[4]) / faded(everything, 8)
    rows = [matching(ROWS, "wave", item, "item") for item in range(N_ITEMS)]
    wanted = [(faded(one, 8, lambda row: row[4]) + 3 * usual) / (faded(one, 8) + 3) for one in rows]
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


@pytest.mark.parametrize("by", ["item", "brand"])
def test_recency_and_newness_halve_with_the_age_of_the_last_and_the_first_event(by: str) -> None:
    some = [row for row in ROWS if row[1] != 4]
    recent, new = column(Recency("view", 3, by), some), column(Newness(10, by), some)
    for item in range(N_ITEMS):
        views, all_of_them = (matching(some, kind, item, by) for kind in ("view", None))
        last = max((row[3] for row in views), default=-math.inf)
        first = min((row[3] for row in all_of_them), default=math.inf)
        assert recent[item] == pytest.approx(0.5 ** ((NOW - START - last) / DAY / 3), rel=1e-5)
        assert new[item] == pytest.approx(0.5 ** (max(NOW - START - first, 0) / DAY / 10), rel=1e-5)


def test_a_steady_stream_has_no_trend_and_twice_as_much_of_late_is_one() -> None:
    steady: list[Row] = [(0, 0, 0, hour * DAY // 24, 1.0) for hour in range(24 * 400)]
    rising: list[Row] = [(0, 1, 0, time, 1.0) for *_, time, _ in steady]
    rising += [(0, 1, 0, time + 7, 1.0) for *_, time, _ in steady if time >= 390 * DAY]
    trends = column(Trend("view", 0.5, 40, prior_weight=0.01), steady + rising, START + 400 * DAY)
    assert trends[0] == pytest.approx(0, abs=0.05)
    assert 0.7 < trends[1] < 1.0  # the long rate has risen, too
    assert trends[2] == 0.0


def test_names_say_what_is_counted() -> None:
    features = (Count("view", 7, "brand"), Rate("a", "b", 30), Trend(None, 2, 30), Recency("view"), Newness())
    assert [one.name for one in features] == [
        "view_count_7d_by_brand", "a_per_b_30d", "trend_2_30d", "view_recency_7d", "newness_30d",
    ]  # fmt: skip
    assert len(ITEMS) == N_ITEMS


@pytest.mark.parametrize("wrong", [{"half_life_days": 0}, {"half_life_days": "7"}, {"kind": 3}, {"by": None}])
def test_impossible_knobs_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadKnob, match="Count"):
        Count(**wrong)
