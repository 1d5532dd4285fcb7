"""Speeds are amounts over the seconds of a clock."""

from itertools import chain, count, repeat

from slatewright.models.costs import FLOPS, WORK_KINDS
from slatewright.models.speeds import measure_speeds


def test_every_kind_of_work_has_a_speed() -> None:
    ticks = count()
    speeds = measure_speeds(lambda: next(ticks) * 0.5)  # every run takes half a second by this clock
    assert set(speeds) == set(WORK_KINDS)
    assert speeds[FLOPS] == 2 * 1024**3 / 0.5
    assert all(speed > 0 for speed in speeds.values())


def test_one_run_that_is_held_up_does_not_count() -> None:
    lengths = chain([60.0], repeat(0.5))
    times = (at for length in lengths for at in (0.0, length))
    assert measure_speeds(lambda: next(times))[FLOPS] == 2 * 1024**3 / 0.5
