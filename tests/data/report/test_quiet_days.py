from datetime import date, timedelta

import polars as pl

from slatewright.data.report.contents import Gap
from slatewright.data.report.quiet_days import quiet_days

MONDAY = date(2024, 1, 1)


def days(*offsets: int) -> pl.DataFrame:
    return pl.DataFrame({"day": [MONDAY + timedelta(days=at) for at in offsets]})


def test_a_closed_weekday_is_named_and_is_no_gap() -> None:
    gaps, closed = quiet_days(days(*(at for at in range(56) if at % 7 != 6)))
    assert (gaps, closed) == ((), ("Sunday",))


def test_a_holiday_around_a_closed_weekday_is_one_gap() -> None:
    away = {5, 6, 7}  # Saturday to Monday, of which Sunday is always closed
    gaps, closed = quiet_days(days(*(at for at in range(56) if at % 7 != 6 and at not in away)))
    assert closed == ("Sunday",)
    assert gaps == (Gap(date(2024, 1, 6), date(2024, 1, 8)),)
    assert gaps[0].days == 3


def test_one_open_sunday_in_a_year_does_not_make_it_an_open_day() -> None:
    _, closed = quiet_days(days(*(at for at in range(364) if at % 7 != 6 or at == 6)))
    assert closed == ("Sunday",)


def test_four_weeks_are_needed_to_call_a_weekday_closed() -> None:
    gaps, closed = quiet_days(days(0, 1, 2, 3, 4, 5, 7))
    assert (gaps, closed) == ((Gap(date(2024, 1, 7), date(2024, 1, 7)),), ())


def test_one_day_has_no_gap() -> None:
    assert quiet_days(days(0)) == ((), ())
