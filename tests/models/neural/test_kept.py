import numpy as np

from slatewright.models.neural.kept import kept_weights, weights_kept


def test_weights_come_back_in_their_order() -> None:
    weights = [np.full(2, at, dtype=np.float32) for at in range(12)]
    back = weights_kept({**kept_weights(weights), "wide": np.zeros(3), "items": np.zeros(1)})
    assert [float(one[0]) for one in back] == list(range(12))
