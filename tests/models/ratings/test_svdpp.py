"""SVDpp: the kit, the gradient of its loss where it ends, and ratings that who rated what explains."""

import numpy as np

from slatewright.core.arrays import Array
from slatewright.data.histories import Histories
from slatewright.metrics.ratings import rmse
from slatewright.models import ALSWR, SVDpp
from slatewright.models.ratings.links import shares_of
from slatewright.testing.estimators import EstimatorKit

from .test_blocks import some_ratings
from .worlds import rated_world


class TestSVDpp(EstimatorKit):
    estimator = SVDpp(embedding_dim=4, epochs=4)


class TestSVDppWithOnePenalty(EstimatorKit):
    estimator = SVDpp(embedding_dim=40, reg=4, reg_exponent=0, epochs=3, rng=2)


def test_it_ends_where_the_gradient_of_koren_s_loss_is_zero() -> None:
    ratings = some_ratings(30, 20)
    knobs = SVDpp(embedding_dim=2, reg=1.5, bias_reg=0.5, link_reg=2, epochs=600)
    users, items, links = knobs.factorise(ratings)
    parts = [a.astype(np.float64) for a in (users.vectors, users.levels, items.vectors, items.levels, links)]
    lengths = [np.maximum(side.lengths(), 1) ** 0.5 for side in (ratings, ratings.flipped())]
    there = np.zeros((30, 20))
    there[ratings.users(), ratings.items] = 1
    shares = there * shares_of(ratings)[:, None]

    def loss(x: Array, b: Array, q: Array, c: Array, y: Array) -> float:
        predicted = x @ q.T + b[:, None] + c
        error = np.square(ratings.values - predicted[ratings.users(), ratings.items]).sum()
        own = knobs.reg * np.square(x - shares @ y).sum(1) + knobs.bias_reg * np.square(b)
        theirs = knobs.reg * np.square(q).sum(1) + knobs.bias_reg * np.square(c)
        return float(error + lengths[0] @ own + lengths[1] @ theirs + knobs.link_reg * np.square(y).sum())

    for at, part in enumerate(parts):
        moved = np.zeros_like(part)
        for index in np.ndindex(*part.shape):
            there_and_back = []
            for step in (1e-4, -1e-4):
                shifted = [a.copy() for a in parts]
                shifted[at][index] += step
                there_and_back.append(loss(*shifted))
            moved[index] = (there_and_back[0] - there_and_back[1]) / 2e-4
        assert np.abs(moved).max() < 0.05, at


def test_who_rated_what_moves_the_answer_whatever_was_said() -> None:
    known, _ = rated_world()
    model = SVDpp(embedding_dim=4, link_reg=0.5, epochs=10).fit(known)
    mean = float(model.scale[0])
    histories = Histories.of([[0, 1, 2], [7, 8, 9]], values=[[mean] * 3] * 2)
    scores = model.score(histories)
    without = ALSWR(embedding_dim=4).fit(known)
    assert model.links.shape[1] == known.n_items
    assert without.links.shape[1] == 0
    assert np.abs(scores[0] - scores[1]).max() > 0.01


def test_reasons_sum_to_what_the_history_adds() -> None:
    known, _ = rated_world()
    model = SVDpp(embedding_dim=4, epochs=10).fit(known)
    history = known.histories().one(3)
    parts = model.reasons(history, 5)
    added = model.score(history)[0, 5] - model.score(Histories.of([[]]))[0, 5]
    np.testing.assert_allclose(parts.sum(), added, atol=1e-2)


def test_learns_what_made_the_ratings() -> None:
    known, asked = rated_world()
    model = SVDpp(embedding_dim=3, reg=0.3, epochs=40).fit(known)
    assert rmse(model.predict(known.histories(), asked.users, asked.items), asked.values) < 0.35
