"""One set of factors as arrays of the shape."""

import numpy as np

from slatewright.models.ratings.sets import led


def test_a_number_is_put_before_the_others() -> None:
    assert led(np.array([[2.0, 3.0]], np.float32), 1).tolist() == [[1, 2, 3]]
