"""How likely the next purchase is, by how long ago the last one was."""

import numpy as np
import pytest

from slatewright.models.repeats import life_table as module
from slatewright.models.repeats.life_table import LifeTable, life_table, seen_and_expected
from slatewright.models.repeats.spells import Spells


def spells(length: list[float], ended: list[bool], *, count: list[int] | None = None, pace: float = 1.0) -> Spells:
    n = len(length)
    counts = np.ones(n, np.int64) if count is None else np.array(count)
    zeros = np.zeros(n)
    return Spells(np.zeros(n, np.int32), counts, zeros, np.array(length), np.array(ended), np.full(n, pace))


def test_the_table_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGES", np.array([0.0, 1.0, 3.0]))
    monkeypatch.setattr(module, "COUNTS", np.array([1, 2]))
    table = life_table(spells([0.5, 2.0, 5.0, 1.5], [True, True, False, False], count=[1, 1, 1, 2]))
    # lived by the first purchases: 0.5 + 1 + 1, 1 + 2, 2; by the second ones: 1, 0.5, 0
    seen, lived = np.array([[1, 1, 0], [0, 0, 0]]), np.array([[2.5, 3, 2], [1, 0.5, 0]])
    at_age = (seen.sum(axis=0) + 2 / 9) / (lived.sum(axis=0) + 1)
    np.testing.assert_allclose(table.hazard, (seen + 20 * at_age) / (lived + 20))


def test_a_constant_rate_is_found_again_though_most_spells_are_cut_off() -> None:
    draw = np.random.default_rng(0)
    waits, cuts = draw.exponential(2.0, 200_000), draw.uniform(0, 2, 200_000)
    table = life_table(spells(np.minimum(waits, cuts).tolist(), (waits < cuts).tolist()))
    lived_to = table.ages < 2
    np.testing.assert_allclose(table.hazard[0, lived_to], 0.5, rtol=0.06)


def test_expected_between_two_ages_is_the_area_under_the_hazard() -> None:
    table = LifeTable(np.array([[1.0, 2, 4], [8, 8, 8]]), np.array([0.0, 1, 3]), np.array([1, 5]))
    begin, end = np.array([0.0, 0.5, 2.5, 10]), np.array([1.0, 1.5, 4.5, 11])
    np.testing.assert_allclose(table.between(np.array([1, 4, 1, 2]), begin, end), [1, 1.5, 7, 4])
    np.testing.assert_allclose(table.between(np.array([5, 99]), begin[:2], end[:2]), [8, 8])


@pytest.mark.parametrize("pace", [1.0, 0.25])
def test_over_all_spells_as_much_is_expected_as_was_seen(pace: float) -> None:
    draw = np.random.default_rng(1)
    waits = draw.gamma(3, 10, 50_000)
    given = spells(np.minimum(waits, 40).tolist(), (waits < 40).tolist(), pace=pace)
    table = life_table(given)
    seen, expected = seen_and_expected(given, table, 1, 100.0, None)
    assert expected[0] == pytest.approx(seen[0], rel=0.01)
    lived = given.length * given.pace
    assert expected[0] == pytest.approx(table.between(given.count, np.zeros(len(lived)), lived).sum())


def test_faded_expectations_are_an_integral() -> None:
    given = spells([10.0], [True], pace=0.2)
    table = LifeTable(np.array([[1.0, 3.0]]), np.array([0.0, 1.0]), np.array([1]))
    seen, expected = seen_and_expected(given, table, 1, 30.0, 7.0)
    days = (np.arange(1_000_000) + 0.5) / 1e5  # from 0 to 10
    hazard = 0.2 * np.where(days * 0.2 < 1, 1.0, 3.0)
    assert expected[0] == pytest.approx((hazard * np.exp2(-(30 - days) / 7)).sum() / 1e5, rel=1e-6)
    assert seen[0] == pytest.approx(2 ** (-20 / 7))
