import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import EASE
from slatewright.models.shapes import DensePairs
from slatewright.testing.worlds import two_tastes


def fitted(history_half_life_days: float | None = None) -> DensePairs:
    return EASE(reg=5, history_half_life_days=history_half_life_days).fit(dataset_of(two_tastes()))


def test_a_score_is_the_weighted_sum_of_the_rows_of_the_history() -> None:
    model = fitted()
    found = model.score(Histories.of([[3, 8, 3], [1], [2, 4]], weights=[[1, 2, 0.5], [1], [-1, 3]]))
    expected = [1.5 * model.pairs[3] + 2 * model.pairs[8], model.pairs[1], 3 * model.pairs[4] - model.pairs[2]]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_some_items_are_read_without_the_others() -> None:
    model, asked = fitted(), Histories.of([[3, 8, 3], [1], []])
    some = np.array([9, 0], dtype=np.int32)
    np.testing.assert_allclose(model.score(asked, some), model.score(asked)[:, some], rtol=1e-5)


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


def test_similar_items_are_the_largest_of_the_row() -> None:
    model = fitted()
    items, scores = model.similar(np.array([4], dtype=np.int32), 3)
    row = model.pairs[4].copy()
    row[4] = -np.inf
    np.testing.assert_array_equal(items[0], np.argsort(-row, kind="stable")[:3])
    np.testing.assert_array_equal(scores[0], row[items[0]])
