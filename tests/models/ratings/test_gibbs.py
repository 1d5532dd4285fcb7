"""The chain finds the noise of made ratings, and draws what theory says where theory can say it."""

from itertools import islice

import numpy as np
import pytest

from slatewright.models.ratings.biased_mf import BiasedMF
from slatewright.models.ratings.gibbs import chain, mean_square_error
from slatewright.models.ratings.table import Ratings

from .test_blocks import some_ratings
from .worlds import rated_world


def test_the_noise_of_the_ratings_is_found() -> None:
    ratings = Ratings.of(rated_world()[0])
    start = BiasedMF(embedding_dim=3, epochs=10).factorise(ratings)
    states = list(islice(chain(ratings, start, None, np.random.default_rng(0)), 120))[60:]
    noise = np.mean([state.noise_precision for state in states]) ** -0.5 * ratings.scale.spread
    assert noise == pytest.approx(0.1, rel=0.25)


def test_a_seed_gives_the_same_chain() -> None:
    ratings = some_ratings()
    runs = []
    for _ in range(2):
        start = BiasedMF(embedding_dim=3, epochs=2).factorise(ratings)
        runs.append(list(islice(chain(ratings, start, None, np.random.default_rng(7)), 5))[-1].items)
    np.testing.assert_array_equal(runs[0], runs[1])


def test_the_error_is_that_of_numpy() -> None:
    ratings = some_ratings(30, 20)
    rng = np.random.default_rng(0)
    users, items = (rng.standard_normal((n, 4), dtype=np.float32) for n in (30, 20))
    whole = users[:, 1:] @ items[:, 1:].T + users[:, :1] + items[:, 0]
    expected = np.square(ratings.values - whole[ratings.users(), ratings.items]).mean()
    assert mean_square_error(ratings, users, items) == pytest.approx(expected, rel=1e-4)
