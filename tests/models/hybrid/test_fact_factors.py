"""Factorisation with facts: the kit, a town of hot, warm and cold people and items, and the fold-in written out."""

import numpy as np
import polars as pl
import pytest

from slatewright.data.histories import Histories
from slatewright.models import FactFactors
from slatewright.models.costs import STEPS, Size
from slatewright.models.shapes.fact_factors import FactedFactors
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.town import town

SMALL = FactFactors(embedding_dim=4, epochs=8, item_reg=1.0, user_reg=1.0)


class TestFactFactors(EstimatorKit):
    estimator = FactFactors(embedding_dim=8, epochs=6)


class TestFactFactorsThatForget(EstimatorKit):
    estimator = FactFactors(embedding_dim=4, epochs=3, half_life_days=20, history_half_life_days=5, reg=1.0)


def fitted() -> FactedFactors:
    return SMALL.fit(town())


@pytest.mark.parametrize("who", ["a history", "facts only"])
def test_hot_and_warm_items_for_people_with_a_history_or_facts_only(who: str) -> None:
    people = pl.DataFrame({"drinks": ["tea", "coffee"]})
    histories = Histories.of([[0, 2, 4], [1, 3]]) if who == "a history" else Histories.of([[], []], facts=people)
    tea, coffee = fitted().score(histories)
    even = np.arange(25) % 2 == 0  # item 24, a tea, was never sold
    assert tea[even].min() > tea[~even].max()
    assert coffee[~even].min() > coffee[even].max()


def test_somebody_of_whom_nothing_is_known_is_the_mean_user() -> None:
    model = fitted()
    np.testing.assert_allclose(model.user_factors(Histories.of([[]]))[0], model.people.centre, rtol=1e-6)


def test_the_fold_in_solves_its_normal_equations() -> None:
    model = fitted()
    history = Histories.of([[0, 2, 2]], weights=[[1, 2, 0.5]], facts=pl.DataFrame({"drinks": ["coffee"]}))
    factors = model.factors
    matrix = Histories(history.offsets, history.items, history.weights * factors.item_weights[history.items],
                       history.times).matrix(25)  # fmt: skip
    reg, exponent, unobserved = factors.penalty
    ridge = reg * max(matrix.nnz + unobserved * 25, 1) ** exponent
    weights = matrix.toarray()[0]
    vectors = factors.item_factors.astype(np.float64)
    left = unobserved * vectors.T @ vectors + ridge * np.eye(4)
    left += (vectors * np.where(weights > 0, weights - unobserved, 0)[:, None]).T @ vectors
    mean = model.people.vectors(history.facts, 1)[0]
    expected = np.linalg.solve(left, vectors.T @ weights + ridge * mean)
    np.testing.assert_allclose(model.user_factors(history)[0], expected, atol=1e-4)
    reasons = model.reasons(history, 4)
    rest = vectors[4] @ np.linalg.solve(left, ridge * mean)
    assert reasons.sum() + rest == pytest.approx(model.score(history)[0, 4], abs=1e-4)


def test_the_more_the_facts_are_trusted_the_nearer_the_vectors_come() -> None:
    distances = []
    for reg in (0.01, 10.0):
        model = FactFactors(embedding_dim=4, epochs=8, reg=reg).fit(town())
        said = model.items.vectors(town().item_facts, 25)[:24]
        own = model.factors.item_factors[:24]
        distances.append(np.linalg.norm(own - said) / np.linalg.norm(own))
    assert distances[1] < distances[0]


def test_the_cost_counts_rows_pairs_and_features() -> None:
    cost = FactFactors().cost(Size.of(town()))
    assert cost.memory > 0
    assert cost.work[STEPS] > 0
