import numpy as np

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.histories import Histories
from slatewright.models.fading import faded, faded_as_stored, faded_histories

DAYS = np.array([0, 10, 20, 30]) * MICROSECONDS_PER_DAY


def test_weights_halve_every_half_life_and_never_grow() -> None:
    weights = np.full(4, 2, dtype=np.float32)
    found = faded(weights, DAYS, int(DAYS[2]), 10.0)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [0.5, 1, 2, 2])


def test_without_a_half_life_nothing_fades() -> None:
    histories = Histories.of([[1, 2], [3, 4]], times=[DAYS[:2], DAYS[2:]])
    assert faded_histories(histories, int(DAYS[3]), None) is histories


def test_histories_keep_their_items() -> None:
    histories = Histories.of([[1, 2], [3, 4]], times=[DAYS[:2], DAYS[2:]])
    found = faded_histories(histories, int(DAYS[3]), 10.0)
    np.testing.assert_array_equal(found.items, histories.items)
    np.testing.assert_allclose(found.weights, [1 / 8, 1 / 4, 1 / 2, 1])


def test_a_model_keeps_its_half_life_as_an_array_and_infinity_fades_nothing() -> None:
    histories = Histories.of([[0, 1]], times=[[0, MICROSECONDS_PER_DAY]])
    as_of = np.array([MICROSECONDS_PER_DAY], dtype=np.int64)
    assert faded_as_stored(histories, as_of, np.array([1.0])).weights.tolist() == [0.5, 1.0]
    assert faded_as_stored(histories, as_of, np.array([np.inf])).weights.tolist() == [1.0, 1.0]
