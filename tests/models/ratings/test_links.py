"""Links against a dense ridge regression."""

import numpy as np

from slatewright.models.ratings.links import Links, linked, sums

from .test_blocks import some_ratings


def test_sums_and_shares_by_hand() -> None:
    ratings = some_ratings(6, 5, 0.6)
    links = np.random.default_rng(0).standard_normal((5, 3), dtype=np.float32)
    there = np.zeros((6, 5))
    there[ratings.users(), ratings.items] = 1
    np.testing.assert_allclose(sums(ratings, links), there @ links, rtol=1e-4, atol=1e-5)
    shares = 1 / np.sqrt(np.maximum(there.sum(1), 1))
    np.testing.assert_allclose(linked(ratings, links), (there * shares[:, None]) @ links, rtol=1e-4, atol=1e-5)


def test_following_ends_at_the_ridge_regression() -> None:
    ratings = some_ratings()
    vectors = np.random.default_rng(1).standard_normal((60, 3), dtype=np.float32)
    links = Links(ratings, ratings.flipped(), 3, 0.7)
    for _ in range(20):
        links.follow(vectors)
    there = np.zeros((60, 40))
    there[ratings.users(), ratings.items] = 1
    there /= np.sqrt(np.maximum(there.sum(1), 1))[:, None]
    expected = np.linalg.solve(there.T @ there + 0.7 * np.eye(40), there.T @ vectors)
    np.testing.assert_allclose(links.links, expected, atol=2e-3)
    np.testing.assert_allclose(links.expected, there @ expected, atol=2e-3)
