"""From each purchase to the next, on a clock on which 1 is the usual time."""

import numpy as np

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.data.histories import Histories
from slatewright.models.repeats.occasions import Occasions, occasions_of
from slatewright.models.repeats.spells import interval_visits_of, paces, spells_of

NOW = 40 * DAY


def occasions() -> Occasions:
    # item 0 after 10 and 20 days by the first user, after 6 days by the second; item 1 once
    times = [[0, 10 * DAY, 30 * DAY], [2 * DAY, 8 * DAY, 9 * DAY]]
    return occasions_of(Histories.of([[0, 0, 0], [0, 0, 1]], times=times), NOW)


RATES = (3 + 1) / (40 + 30), (3 + 1) / (38 + 30)  # visits a day of the two users


def test_the_usual_interval_of_an_item_by_hand() -> None:
    visits = interval_visits_of(occasions(), 3, NOW)
    own = [10 * RATES[0], 20 * RATES[0], 6 * RATES[1]]
    usual = sum(own) / 3
    np.testing.assert_allclose(visits, [(sum(own) + 30 * usual) / 33, usual, usual], rtol=1e-6)


def test_where_nothing_was_bought_twice_one_visit_is_usual() -> None:
    once = occasions_of(Histories.of([[0], [1]]), NOW)
    assert interval_visits_of(once, 2, NOW).tolist() == [1, 1]


def test_the_pace_of_a_pair_learns_from_its_own_intervals() -> None:
    visits = np.array([2.0, 1.0], dtype=np.float32)
    first, second, third = paces(occasions(), visits)[:3]
    np.testing.assert_allclose(first, RATES[0] / 2)
    np.testing.assert_allclose(second, RATES[0] / ((10 * RATES[0] + 3 * 2) / 4))
    np.testing.assert_allclose(third, RATES[0] / ((30 * RATES[0] + 3 * 2) / 5))


def test_spells_end_with_the_next_purchase_or_are_still_open() -> None:
    found = spells_of(occasions(), np.ones(2, np.float32), NOW)
    assert found.length.tolist() == [10, 20, 10, 6, 32, 31]
    assert found.ended.tolist() == [True, True, False, True, False, False]
    assert found.start.tolist() == [0, 10, 30, 2, 8, 9]
    assert found.count.tolist() == [1, 2, 3, 1, 2, 1]
