import numpy as np

from slatewright.data.histories import Histories
from slatewright.models.blends.banding import band_of, n_weighing


def test_bands_by_events_that_weigh() -> None:
    histories = Histories.of([[], [0, 1], [0, 1, 2]], weights=[[], [1.0, 0.0], [1.0, 1.0, 1.0]])
    np.testing.assert_array_equal(n_weighing(histories), [0, 1, 3])
    np.testing.assert_array_equal(band_of(n_weighing(histories), (1, 3)), [0, 1, 2])
