from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.importing.times import read_times

MORNING = datetime(2011, 3, 13, 7, 6, 40, tzinfo=UTC)  # 1,300,000,000 seconds


def read(*values: Any) -> list[datetime | None]:
    frame = pl.DataFrame({"t": list(values)})
    return frame.select(read_times(frame, "t").expression(frame.schema)).to_series().to_list()


@pytest.mark.parametrize(
    "value",
    [
        1_300_000_000,
        1_300_000_000_000,
        1_300_000_000_000_000,
        1_300_000_000_000_000_000,
        1.3e9,
        "1300000000",
        "1300000000.0",
        "1300000000000",
        "2011-03-13T07:06:40",
        "2011-03-13T07:06:40Z",
        "2011-03-13 07:06:40 UTC",
        "2011-03-13T07:06:40.000000+00:00",
        "2011-03-13T09:06:40+02:00",
        "2011-03-13 02:06:40-0500",
        "2011/03/13 07:06:40",
        "03/13/2011 07:06:40",
        "13/03/2011 07:06:40",
        "13.03.2011 07:06:40",
        MORNING,
        MORNING.replace(tzinfo=None),
        MORNING.astimezone(timezone(timedelta(hours=3))).replace(tzinfo=None) - timedelta(hours=3),
    ],
)
def test_every_way_to_write_one_instant(value: object) -> None:
    assert read(value) == [MORNING]


@pytest.mark.parametrize("value", ["2011-03-13", "20110313", "2011/03/13", "13.03.2011", date(2011, 3, 13)])
def test_whole_days(value: object) -> None:
    frame = pl.DataFrame({"t": [value]})
    assert read(value) == [datetime(2011, 3, 13, tzinfo=UTC)]
    assert read_times(frame, "t").by_day


def test_the_order_of_day_and_month_is_told_by_all_rows() -> None:
    assert read("12/1/2010 8:26", "12/13/2010 8:26")[0] == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    assert read("12/1/2010 8:26", "13/1/2010 8:26")[0] == datetime(2010, 1, 12, 8, 26, tzinfo=UTC)


@pytest.mark.parametrize("value", ["yesterday", "", float("nan"), float("inf"), "9" * 30])
def test_what_is_no_time_is_null(value: object) -> None:
    assert read(value) == [None]


def test_a_number_that_no_calendar_holds_is_null() -> None:
    assert read(*[1_300_000_000] * 3, 2**62) == [MORNING] * 3 + [None]


def test_few_unreadable_times_do_not_change_the_reading() -> None:
    values = ["2011-03-13T07:06:40"] * 19 + ["soon"]
    assert read(*values) == [MORNING] * 19 + [None]


def test_other_iso_ways_are_read_at_the_second_look() -> None:
    frame = pl.DataFrame({"t": ["2011-03-13T07:06:40Z"] * 9})
    reading = read_times(frame, "t")
    texts = pl.Series(["2011-03-13T09:06:40+02:00", " 2011-03-13 07:06:40", "2011-03-13", "never"])
    assert reading.again(texts).to_list() == [MORNING, MORNING, datetime(2011, 3, 13, tzinfo=UTC), None]


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)))  # noqa: DTZ001 - UTC is meant
def test_iso_and_epoch_agree_to_the_microsecond(moment: datetime) -> None:
    moment = moment.replace(tzinfo=UTC)
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert read(moment.isoformat(timespec="microseconds")) == [moment]
    if micros >= 10**14:  # below, whole numbers mean a coarser unit
        assert read(micros) == [moment]
        assert read(micros * 1000) == [moment]
