import numpy as np

from slatewright.models.neural.engine.engine import chosen_engine
from slatewright.models.neural.networks import Spec, built
from slatewright.models.neural.pairs.answering import PairScores


def test_a_network_that_answers_before_it_learns_has_first_weights_all_the_same() -> None:
    spec = Spec.of("neumf", gmf=3, mlp=5, layers=[10, 7], dropout=0.25)  # of no other test: nobody built it before
    weights = [np.array(one.numpy()) for one in built(spec).variables]  # as from a bundle
    inputs = {"user": np.ones((2, 8), np.float32), "item": np.ones((1, 3, 8), np.float32)}
    assert chosen_engine().answer(PairScores(spec), weights, inputs).shape == (2, 3)
    assert [one.shape for one in spec.initial(np.random.default_rng(0))] == [one.shape for one in weights]
