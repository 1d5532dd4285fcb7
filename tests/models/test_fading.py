import numpy as np

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.histories import Histories
from slatewright.models.fading import faded, faded_histories

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
