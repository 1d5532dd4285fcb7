import pytest

from slatewright.models.neural.schedule import Schedule


def test_constant_is_constant() -> None:
    assert {Schedule(0.1, 10).at(step) for step in range(10)} == {0.1}


def test_the_rate_rises_first() -> None:
    schedule = Schedule(0.1, 100, warm_up=0.04)
    assert [schedule.at(step) for step in range(5)] == pytest.approx([0.02, 0.04, 0.06, 0.08, 0.1])


def test_a_cosine_falls_from_the_rate_through_half_of_it_to_nothing() -> None:
    schedule = Schedule(0.1, 120, "cosine", warm_up=20 / 120)
    assert schedule.at(20) == pytest.approx(0.1)
    assert schedule.at(70) == pytest.approx(0.05)
    assert schedule.at(120) == pytest.approx(0.0, abs=1e-12)
    assert schedule.at(500) == pytest.approx(0.0, abs=1e-12)
