from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from slatewright.data.report import describe
from slatewright.data.report.charts import calendar, daily_means, edges_of, hours, timeline

from .making import shop_events


def test_the_timeline_has_a_panel_per_kind() -> None:
    svg = timeline(describe(shop_events()))
    for kind in ("view", "purchase", "return"):
        assert f"{kind}, events a day" in svg


def test_the_timeline_of_nine_kinds_shows_the_five_most_frequent() -> None:
    kinds = [f"kind{at}" for at in range(9) for _ in range(at + 1)]
    svg = timeline(describe(pl.DataFrame({"user_id": "ann", "item_id": "mug", "kind": kinds, "time": 0})))
    assert [f"kind{at}, events" in svg for at in range(9)] == [False] * 4 + [True] * 5


@pytest.mark.parametrize(("length", "between"), [(1, {1}), (100, {1}), (400, {7}), (1_500, {28, 29, 30, 31})])
def test_long_times_are_averaged_over_weeks_and_months(length: int, between: set[int]) -> None:
    first = date(2023, 12, 1)
    last = first + timedelta(days=length - 1)
    edges = edges_of(first, last)
    assert (edges[0], edges[-1]) == (first, last + timedelta(days=1))
    assert {(after - before).days for before, after in pairwise(edges[1:-1])} <= between


def test_the_mean_of_a_bucket_counts_its_quiet_days_too() -> None:
    days = pl.DataFrame({"day": [date(2024, 1, 1), date(2024, 1, 3), date(2024, 1, 8)], "events": [6, 8, 5]})
    edges = [date(2024, 1, 1), date(2024, 1, 8), date(2024, 1, 9)]
    np.testing.assert_allclose(daily_means(days, edges), [2.0, 5.0])


def test_the_calendar_has_a_row_of_weeks_for_each_of_the_last_four_years() -> None:
    time = [date(year, 2, 29) for year in (2000, 2004, 2008)] + [date(2003, 12, 31), date(2006, 1, 1)]
    events = pl.DataFrame({"user_id": "ann", "item_id": "mug", "time": time}).with_columns(
        pl.col("time").cast(pl.Datetime("us"))
    )
    svg = calendar(describe(events))
    shown = [str(year) for year in range(1999, 2010) if f">{year}</text>" in svg]
    assert shown == ["2005", "2006", "2007", "2008"]


def test_quiet_hours_have_a_colour_of_their_own() -> None:
    svg = hours(describe(shop_events()))
    assert "var(--empty)" in svg
    assert "var(--heat-1)" in svg
    assert "var(--heat-5)" in svg
