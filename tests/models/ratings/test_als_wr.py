"""ALSWR: the kit, the loss falls to that of exact sweeps, and made ratings are found."""

from dataclasses import replace

import numpy as np
import pytest

from slatewright.core.arrays import Array
from slatewright.metrics.ratings import rmse
from slatewright.models import ALSWR
from slatewright.models.ratings.table import Ratings
from slatewright.testing.estimators import EstimatorKit

from .test_blocks import some_ratings
from .worlds import rated_world


class TestALSWR(EstimatorKit):
    estimator = ALSWR(embedding_dim=4, epochs=4)


class TestALSWRWithOnePenalty(EstimatorKit):
    estimator = ALSWR(embedding_dim=40, reg=4, reg_exponent=0, epochs=3, rng=2)


def loss(ratings: Ratings, knobs: ALSWR) -> float:
    """What ALS-WR minimises, in double precision."""
    users, items = knobs.factorise(ratings)
    rows = ratings.users()
    predicted = (users.vectors[rows] * items.vectors[ratings.items]).sum(1, dtype=np.float64)
    predicted += users.levels[rows] + items.levels[ratings.items]
    total = float(np.square(ratings.values - predicted).sum())
    for side, lengths in ((users, ratings.lengths()), (items, ratings.flipped().lengths())):
        penalty = knobs.reg * np.square(side.vectors).sum(1) + knobs.bias_reg * np.square(side.levels)
        total += float((np.maximum(lengths, 1) ** knobs.reg_exponent * penalty).sum())
    return total


def exact_loss(ratings: Ratings, knobs: ALSWR) -> float:
    """The loss where dense, exact sweeps end."""
    dense, there = np.zeros((2, ratings.n_users, ratings.n_items))
    dense[ratings.users(), ratings.items] = ratings.values
    there[ratings.users(), ratings.items] = 1
    items = np.random.default_rng(9).normal(0, 0.1, (ratings.n_items, 1 + knobs.embedding_dim))
    for _ in range(200):
        users, user_penalty = _exact_side(dense, there, items, knobs)
        items, item_penalty = _exact_side(dense.T, there.T, users, knobs)
    predicted = users[:, 1:] @ items[:, 1:].T + users[:, :1] + items[:, 0]
    return float((there * np.square(dense - predicted)).sum()) + user_penalty + item_penalty


def _ridge(there: Array, knobs: ALSWR) -> Array:
    ridge = np.full(1 + knobs.embedding_dim, knobs.reg)
    ridge[0] = knobs.bias_reg
    strengths: Array = np.maximum(there.sum(1), 1)[:, None] ** knobs.reg_exponent * ridge
    return strengths


def _exact_side(dense: Array, there: Array, others: Array, knobs: ALSWR) -> tuple[Array, float]:
    seen = np.concatenate([np.ones((len(others), 1)), others[:, 1:]], axis=1)
    ridge = _ridge(there, knobs)
    left = np.einsum("ui,if,ig->ufg", there, seen, seen) + ridge[:, :, None] * np.eye(seen.shape[1])
    right = ((dense - others[:, 0]) * there) @ seen
    solved: Array = np.linalg.solve(left, right[..., None])[..., 0]
    return solved, float((ridge * np.square(solved)).sum())


@pytest.mark.parametrize("exponent", [0.0, 1.0])
def test_sweeps_of_a_few_steps_end_as_low_as_exact_ones(exponent: float) -> None:
    ratings = some_ratings(40, 25)
    knobs = ALSWR(embedding_dim=3, reg=0.15 if exponent else 1.0, reg_exponent=exponent, epochs=200)
    assert loss(ratings, knobs) < 1.03 * exact_loss(ratings, knobs)


def test_more_sweeps_never_raise_the_loss() -> None:
    ratings = some_ratings()
    knobs = ALSWR(embedding_dim=4)
    losses = [loss(ratings, replace(knobs, epochs=epochs)) for epochs in (1, 2, 4, 8, 16)]
    assert losses == sorted(losses, reverse=True)


def test_learns_what_made_the_ratings() -> None:
    known, asked = rated_world()
    model = ALSWR(embedding_dim=3, reg=0.01, epochs=40).fit(known)
    assert rmse(model.predict(known.histories(), asked.users, asked.items), asked.values) < 0.25
