from functools import cache

import numpy as np

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import MLP
from slatewright.models.shapes.pair_network import PairNetwork
from slatewright.testing.worlds import two_tastes

TOWN = dataset_of(two_tastes())


@cache
def model() -> PairNetwork:
    return MLP(layers=(16, 8), epochs=40, batch_size=64, learning_rate=0.02).fit(TOWN)


def test_a_stranger_gets_the_items_of_those_with_the_same_taste() -> None:
    best = model().best(Histories.of([[0, 2, 4], [1, 3, 5]]), 4).items
    assert (best % 2 == [[0], [1]]).mean() >= 0.75


def test_reasons_are_what_the_score_loses_without_each_event() -> None:
    history = Histories.of([[0, 2, 7]])
    whole = model().score(history)[0, 4]
    without = [model().score(Histories.of([one]))[0, 4] for one in ([2, 7], [0, 7], [0, 2])]
    np.testing.assert_allclose(model().reasons(history, 4), whole - np.array(without), rtol=1e-3, atol=1e-5)
    one = Histories.of([[3]])
    expected = model().score(one)[0, 4] - model().score(Histories.of([[]]))[0, 4]
    np.testing.assert_allclose(model().reasons(one, 4), [expected], rtol=1e-3, atol=1e-5)
