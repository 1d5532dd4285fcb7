import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import ItemKNN
from slatewright.models.shapes import ItemPairs
from slatewright.testing.worlds import two_tastes


def fitted(history_half_life_days: float | None = None) -> ItemPairs:
    return ItemKNN(shrinkage=0.0, history_half_life_days=history_half_life_days).fit(dataset_of(two_tastes()))


def test_a_score_is_the_weighted_sum_of_the_rows_of_the_history() -> None:
    model = fitted()
    single = model.score(Histories.of([[3], [8]]))
    both = model.score(Histories.of([[3, 8, 3]], weights=[[1, 2, 0.5]]))
    np.testing.assert_allclose(both[0], 1.5 * single[0] + 2 * single[1], rtol=1e-5)


def test_reasons_add_up_to_the_score() -> None:
    model = fitted(history_half_life_days=5)
    history = model.known.histories.take(np.array([7], dtype=np.int32))
    scores = model.score(history)[0]
    for item in (0, 5, 11):
        assert model.reasons(history, item).sum() == pytest.approx(scores[item], rel=1e-4, abs=1e-6)


def test_an_old_event_of_the_history_fades() -> None:
    model = fitted(history_half_life_days=5)
    as_of = int(model.as_of[0])
    now, then = (Histories.of([[3]], times=[[as_of - days * MICROSECONDS_PER_DAY]]) for days in (0, 10))
    np.testing.assert_allclose(model.score(then), model.score(now) / 4, rtol=1e-5)


def test_an_empty_history_is_answered_by_what_everybody_takes() -> None:
    events = pl.DataFrame({"user_id": ["a", "b", "b"], "item_id": ["x", "x", "y"]})
    model = ItemKNN().fit(dataset_of(events))
    np.testing.assert_allclose(model.score(Histories.of([[]])), [[2 / 3, 1 / 3]], rtol=1e-6)
