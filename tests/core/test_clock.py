import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slatewright.core import clock
from slatewright.core.errors import BadInput


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01", 0),
        ("1970-01-01T00:00:01Z", 1_000_000),
        ("1970-01-01T01:00:00+01:00", 0),
        ("2011-10-01", 1_317_427_200_000_000),
        ("1969-12-31T23:59:59.999999", -1),
    ],
)
def test_iso_times_are_read_as_utc_microseconds(text: str, expected: int) -> None:
    assert clock.instant(text) == expected


@example(4_366_817_299_942_879)
@given(st.integers(min_value=0, max_value=7_258_118_400_000_000))
def test_iso_and_instant_are_inverse(moment: int) -> None:
    assert clock.instant(clock.iso(moment)) == moment


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(BadInput, match=r"a time must be ISO-8601.*got 'yesterday'"):
        clock.instant("yesterday")


def test_the_wall_clock_counts_microseconds() -> None:
    assert 1_600_000_000_000_000 < clock.wall_clock() < 7_258_118_400_000_000
