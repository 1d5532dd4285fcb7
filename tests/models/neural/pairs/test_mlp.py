import pytest

from slatewright.core.errors import BadKnob
from slatewright.models.neural.pairs.mlp import MLP
from slatewright.testing.estimators import EstimatorKit


class TestMLP(EstimatorKit):
    estimator = MLP(layers=(16, 8, 4), epochs=4, batch_size=64, learning_rate=0.02)


@pytest.mark.parametrize("layers", [(8,), (7, 4), (8, 0)])
def test_layers_that_make_no_perceptron_are_refused(layers: tuple[int, ...]) -> None:
    with pytest.raises(BadKnob, match=r"MLP\.layers must be two or more widths"):
        MLP(layers=layers)
