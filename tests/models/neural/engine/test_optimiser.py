import numpy as np
import pytest

from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.engine.optimiser import clipped, fresh, moved
from slatewright.models.neural.tables import Pace


def test_weights_move_as_with_the_optimiser_of_keras() -> None:
    keras, rng = keras_engine(), np.random.default_rng(0)
    variables = [keras.Variable(rng.standard_normal(shape).astype(np.float32)) for shape in ((3, 2), (2,))]
    theirs = keras.optimizers.AdamW(0.01, weight_decay=0.1)
    theirs.exclude_from_weight_decay(var_list=variables[1:])
    own, state = [one.numpy() for one in variables], fresh(variables)
    for _ in range(4):
        slopes = [rng.standard_normal(tuple(one.shape)).astype(np.float32) for one in variables]
        theirs.apply([keras.ops.convert_to_tensor(one) for one in slopes], variables)
        own, state = moved(slopes, own, state, Pace(0.01, 0.1))
    for one, other in zip(own, variables, strict=True):
        np.testing.assert_allclose(np.asarray(one), other.numpy(), rtol=1e-4)


def test_gradients_are_cut_together_to_a_length() -> None:
    slopes, rows = [np.array([3.0])], {"item": np.array([[4.0]])}
    cut, cut_rows = clipped(1.0, slopes, rows)
    assert float(cut[0][0]) == pytest.approx(0.6)
    assert float(cut_rows["item"][0, 0]) == pytest.approx(0.8)
    kept, kept_rows = clipped(10.0, slopes, rows)
    assert float(kept[0][0]) == pytest.approx(3.0)
    assert float(kept_rows["item"][0, 0]) == pytest.approx(4.0)
    assert clipped(None, slopes, rows)[0][0] is slopes[0]
