import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import ALS
from slatewright.models.shapes import Factors
from slatewright.testing.worlds import two_tastes


def fitted(half_life_days: float | None = None) -> Factors:
    return ALS(embedding_dim=6, half_life_days=half_life_days).fit(dataset_of(two_tastes()))


def test_a_fold_in_solves_the_normal_equation() -> None:
    model = fitted()
    histories = Histories.of([[0, 2, 4], [1, 3, 3]], weights=[[1, 2, 1], [1, 1, 1]])
    found = model.user_factors(histories)
    factors = model.item_factors.astype(np.float64)
    reg, exponent, unobserved = model.penalty
    for row, weights in zip(found, ({0: 1, 2: 2, 4: 1}, {1: 1, 3: 2}), strict=True):
        confidence = np.full(len(factors), unobserved)
        target = np.zeros(len(factors))
        for item, weight in weights.items():
            confidence[item] = weight * model.item_weights[item]
            target[item] = 1
        ridge = reg * (len(weights) + unobserved * len(factors)) ** exponent
        left = (factors * confidence[:, None]).T @ factors + ridge * np.eye(6)
        np.testing.assert_allclose(row, np.linalg.solve(left, factors.T @ (confidence * target)), rtol=1e-3, atol=1e-5)


def test_the_factors_lie_in_their_eigenbasis() -> None:
    model = fitted()
    gram = model.item_factors.T @ model.item_factors
    np.testing.assert_allclose(gram, np.diag(model.spectrum), atol=1e-4 * model.spectrum.max())


@pytest.mark.parametrize("half_life_days", [None, 20.0])
def test_reasons_add_up_to_the_score(half_life_days: float | None) -> None:
    model = fitted(half_life_days)
    history = model.known.histories.take(np.array([7], dtype=np.int32))
    scores = model.score(history)[0]
    for item in (0, 5, 11):
        assert model.reasons(history, item).sum() == pytest.approx(scores[item], rel=1e-3, abs=1e-4)


def test_an_old_history_says_less() -> None:
    model = fitted(half_life_days=5.0)
    as_of = int(model.as_of[0])
    now, then = (Histories.of([[3]], times=[[as_of - days * MICROSECONDS_PER_DAY]]) for days in (0, 10))
    assert model.score(now)[0, 3] > model.score(then)[0, 3] > 0


def test_similar_items_are_of_the_same_taste() -> None:
    model = ALS(embedding_dim=2).fit(dataset_of(two_tastes()))
    others, scores = model.similar(np.array([0, 5], dtype=np.int32), 8)
    assert (others % 2 == np.array([[0], [1]])).all()
    assert (scores <= 1 + 1e-5).all()
