"""Draws of mean and precision against the moments that theory gives them."""

import numpy as np

from slatewright.models.ratings.population import MEAN_WEIGHT, Population, wishart


def test_wishart_draws_have_the_mean_and_variance_of_the_book() -> None:
    rng = np.random.default_rng(0)
    scale, degrees = np.array([[2.0, 0.5], [0.5, 1.0]]), 9
    draws = np.stack([wishart(scale, degrees, rng) for _ in range(8_000)])
    np.testing.assert_allclose(draws.mean(axis=0), degrees * scale, rtol=0.05)
    variances = degrees * (np.square(scale) + np.outer(np.diag(scale), np.diag(scale)))
    np.testing.assert_allclose(draws.var(axis=0), variances, rtol=0.1)


def test_many_vectors_tell_their_mean_and_precision() -> None:
    rng = np.random.default_rng(1)
    covariance = np.array([[1.0, 0.6], [0.6, 2.0]])
    vectors = rng.multivariate_normal([3, -1], covariance, 50_000).astype(np.float32)
    drawn = Population.drawn(vectors, rng)
    np.testing.assert_allclose(drawn.mean, [3, -1], atol=0.03)
    np.testing.assert_allclose(np.linalg.inv(drawn.precision), covariance, atol=0.05)


def test_no_vectors_leave_the_prior() -> None:
    rng = np.random.default_rng(2)
    draws = [Population.drawn(np.empty((0, 3), np.float32), rng) for _ in range(5000)]
    np.testing.assert_allclose(np.mean([draw.precision for draw in draws], axis=0), 3 * np.eye(3), atol=0.15)
    np.testing.assert_allclose(np.median([draw.mean for draw in draws], axis=0), 0, atol=0.1)


def test_the_mean_leans_to_zero_by_the_weight_of_two_vectors() -> None:
    rng = np.random.default_rng(3)
    vectors = np.full((2, 1), 4.0, np.float32)
    means = [Population.drawn(vectors, rng).mean[0] for _ in range(5000)]
    assert abs(np.median(means) - 4 * 2 / (MEAN_WEIGHT + 2)) < 0.1
