"""The shape of factors with facts: what it adds to plain factors; the estimator is tested in its own place."""

import numpy as np
import polars as pl

from slatewright.data.histories import Histories
from slatewright.models import FactFactors
from slatewright.models.shapes.fact_factors import FactedFactors
from slatewright.testing.town import town


def fitted() -> FactedFactors:
    return FactFactors(embedding_dim=4, epochs=5, item_reg=1.0, user_reg=1.0).fit(town())


def test_scores_are_the_products_of_its_factors() -> None:
    model, histories = fitted(), town().histories()
    users, items = model.factored(histories, np.array([3, 24], dtype=np.int32))
    np.testing.assert_allclose(model.score(histories)[:, [3, 24]], users @ items.T, atol=1e-5)


def test_facts_matter_less_once_something_was_done() -> None:
    model = fitted()
    coffee = pl.DataFrame({"drinks": ["coffee"]})
    distances = []
    for length in (0, 1, 6):
        items = list(range(0, 2 * length, 2))  # teas
        plain, told = Histories.of([items]), Histories.of([items], facts=coffee)
        distances.append(float(np.linalg.norm(model.user_factors(told) - model.user_factors(plain))))
    assert distances[0] > 4 * max(distances[1:])
    assert min(distances) > 0


def test_items_and_their_likeness_are_those_of_its_factors() -> None:
    model = fitted()
    items = np.array([0, 24], dtype=np.int32)
    np.testing.assert_array_equal(model.similar(items, 3)[0], model.factors.similar(items, 3)[0])
    assert model.similar(items, 3)[0][1, 0] % 2 == 0  # a tea is most like the tea that nobody took
