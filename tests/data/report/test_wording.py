from datetime import date

import pytest

from slatewright.core.clock import instant
from slatewright.data.report.wording import counted, day_of, number, percent, span


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0"),
        (1, "100"),
        (0.1234, "12"),
        (0.0995, "10"),
        (0.0177, "1.8"),
        (0.01, "1"),
        (0.00021, "0.02"),
        (2e-6, "0.0002"),
    ],
)
def test_shares_have_two_digits_that_say_something(share: float, text: str) -> None:
    assert percent(share) == f"{text}\u00a0%"


def test_numbers_and_days_are_written_as_people_read_them() -> None:
    assert (number(1_044_847), counted(1, "user"), counted(2, "user")) == ("1,044,847", "1 user", "2 users")
    assert counted(1_000, "item has", "items have") == "1,000 items have"
    assert day_of(instant("2009-12-01T23:59:59Z")) == "1 December 2009"
    assert span(date(2024, 1, 2), date(2024, 1, 2)) == "2 January 2024"
    assert span(date(2023, 12, 24), date(2024, 1, 3)) == "24 December 2023 to 3 January 2024"
