from functools import cache

import numpy as np

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import MF
from slatewright.models.recommending import Factored, Vectored
from slatewright.models.shapes.owned_factors import OwnedFactors, nearest_rows
from slatewright.testing.worlds import two_tastes

TOWN = dataset_of(two_tastes())


@cache
def model() -> OwnedFactors:
    return MF(embedding_dim=4, epochs=10, batch_size=128, learning_rate=0.03).fit(TOWN)


def test_scores_are_inner_products_that_an_index_can_search() -> None:
    assert isinstance(model(), Vectored)
    assert isinstance(model(), Factored)
    scores = model().user_factors(TOWN.histories()) @ model().item_vectors.T
    np.testing.assert_allclose(model().score(TOWN.histories()), scores, rtol=1e-4, atol=1e-5)


def test_a_stranger_gets_the_items_of_those_with_the_same_taste() -> None:
    best = model().best(Histories.of([[0, 2, 4], [1, 3, 5]]), 4).items
    assert (best % 2 == [[0], [1]]).mean() >= 0.75


def test_reasons_add_up_to_what_the_history_adds() -> None:
    history = Histories.of([[0, 2, 7]])
    base = model().owners.map[0] @ model().item_factors[4]
    np.testing.assert_allclose(model().reasons(history, 4).sum() + base, model().score(history)[0, 4], rtol=1e-3)


def test_the_nearest_rows_are_those_of_the_largest_cosine() -> None:
    rows = np.array([[1, 0], [2, 0.1], [0, 3], [-1, 0]], dtype=np.float32)
    items, likeness = nearest_rows(rows, np.array([0], dtype=np.int32), 3)
    assert items.tolist() == [[1, 2, 3]]
    np.testing.assert_allclose(likeness[0], [2 / np.sqrt(4.01), 0, -1], rtol=1e-5, atol=1e-6)
