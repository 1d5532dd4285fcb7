"""The days on which somebody bought something."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models.repeats.occasions import bought_in, occasions_of, visit_rates


def test_twice_on_one_day_is_one_occasion() -> None:
    histories = Histories.of([[5, 5, 2, 5], [2]], times=[[0, DAY // 2, 3 * DAY, 9 * DAY], [4 * DAY]])
    found = occasions_of(histories, 10 * DAY)
    assert found.owner.tolist() == [0, 0, 0, 1]
    assert found.item.tolist() == [2, 5, 5, 2]
    assert found.day.tolist() == [3, 0, 9, 4]
    assert found.count.tolist() == [1, 1, 2, 1]
    assert found.first.tolist() == [3, 0, 0, 4]
    assert found.is_last.tolist() == [True, False, True, True]


def test_visits_a_day_lean_on_one_in_thirty() -> None:
    histories = Histories.of([[5, 5, 2, 5], [2], []], times=[[0, DAY // 2, 3 * DAY, 9 * DAY], [4 * DAY], []])
    rates = occasions_of(histories, 10 * DAY).visits
    np.testing.assert_allclose(rates, [(3 + 1) / (10 + 30), (1 + 1) / (6 + 30), 1 / 30])
    assert visit_rates(np.empty(0, np.int64), np.empty(0, np.int64), 2, DAY).tolist() == [1 / 30] * 2


def test_only_purchases_count_where_there_are_any() -> None:
    rows = {"user_id": ["u"] * 3, "item_id": ["a", "b", "c"], "kind": ["view", "purchase", "cart"], "time": [0, 1, 2]}
    assert bought_in(dataset_of(pl.DataFrame(rows)).histories()).tolist() == [False, True, False]
    views = dataset_of(pl.DataFrame(rows | {"kind": ["view", "cart", "cart"]})).histories()
    assert bought_in(views).tolist() == [True] * 3
    assert bought_in(Histories.of([[1, 2]], [[1.0, 0.0]])).tolist() == [True, False]


@pytest.mark.parametrize("items", [[], [[]], [[], []]])
def test_nothing_bought(items: list[list[int]]) -> None:
    found = occasions_of(Histories.of(items), DAY)
    assert len(found.item) == len(found.is_last) == 0
    assert len(found.visits) == len(items)
