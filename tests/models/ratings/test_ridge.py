"""Ridge regressions against dense normal equations in double precision."""

import numpy as np
import pytest

from slatewright.models.ratings.population import wishart
from slatewright.models.ratings.ridge import Columns, Prior, solve_rows, strengths_of
from slatewright.models.ratings.table import Ratings, Scale


def _problem(width: int) -> tuple[Ratings, Columns, Prior]:
    rng = np.random.default_rng(width)
    lengths = np.array([0, 1, 3, 4, 9, 40])
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    items = np.concatenate([rng.permutation(50)[:n] for n in lengths]).astype(np.int32)
    values = rng.standard_normal(len(items), dtype=np.float32)
    root = rng.standard_normal((width, width))
    return (
        Ratings(offsets, items, values, 50, Scale(0, 1, -1, 1)),
        Columns(rng.standard_normal((50, width), dtype=np.float32), rng.standard_normal(50, dtype=np.float32)),
        Prior(
            rng.standard_normal((6, width), dtype=np.float32),
            (root @ root.T + np.eye(width)).astype(np.float32),
            strengths_of(lengths, 0.5),
        ),
    )


@pytest.mark.parametrize("width", [1, 3, 17])
def test_each_row_solves_its_normal_equations(width: int) -> None:
    ratings, columns, prior = _problem(width)
    out = np.empty((6, width), np.float32)
    noise = np.random.default_rng(0).standard_normal((6, width), dtype=np.float32)
    drawn = np.empty_like(out)
    solve_rows(ratings, columns, prior, out)
    solve_rows(ratings, columns, prior, drawn, noise)
    for row in range(6):
        span = slice(ratings.offsets[row], ratings.offsets[row + 1])
        vectors = columns.vectors[ratings.items[span]].astype(np.float64)
        errors = ratings.values[span] - columns.levels[ratings.items[span]]
        precision = prior.precision.astype(np.float64) * prior.strengths[row]
        matrix = vectors.T @ vectors + precision
        expected = np.linalg.solve(matrix, vectors.T @ errors + precision @ prior.means[row])
        np.testing.assert_allclose(out[row], expected, rtol=2e-3, atol=2e-3)
        sample = expected + np.linalg.solve(np.linalg.cholesky(matrix).T, noise[row])
        np.testing.assert_allclose(drawn[row], sample, rtol=2e-3, atol=2e-3)


def test_a_row_without_ratings_is_its_prior_mean() -> None:
    ratings, columns, prior = _problem(3)
    out = np.empty((6, 3), np.float32)
    solve_rows(ratings, columns, prior, out)
    np.testing.assert_allclose(out[0], prior.means[0], rtol=1e-4, atol=1e-5)


def test_samples_have_the_posterior_covariance() -> None:
    ratings, columns, prior = _problem(3)
    draws = []
    for seed in range(4000):
        out = np.empty((6, 3), np.float32)
        noise = np.random.default_rng(seed).standard_normal((6, 3), dtype=np.float32)
        solve_rows(ratings, columns, prior, out, noise)
        draws.append(out[2])
    span = slice(ratings.offsets[2], ratings.offsets[3])
    vectors = columns.vectors[ratings.items[span]].astype(np.float64)
    covariance = np.linalg.inv(vectors.T @ vectors + prior.precision.astype(np.float64) * prior.strengths[2])
    np.testing.assert_allclose(np.cov(np.stack(draws).T), covariance, atol=0.1 * covariance.max())


def test_the_penalty_grows_with_a_power_of_the_ratings() -> None:
    assert strengths_of(np.array([0, 1, 4]), 0.5).tolist() == [1, 1, 2]
    assert strengths_of(np.array([0, 1, 4]), 0).tolist() == [1, 1, 1]


def test_what_float32_cannot_tell_from_singular_stays_finite() -> None:
    """One rating, 120 dimensions: the precision is nearly singular, and next to the rating hardly there."""
    rng = np.random.default_rng(0)
    vectors = np.concatenate([np.ones((1, 1)), rng.standard_normal((1, 119)) * 0.01], axis=1).astype(np.float32)
    precision = (wishart(np.eye(120), 121, rng) / 1e9).astype(np.float32)
    ratings = Ratings(np.array([0, 1]), np.zeros(1, np.int32), np.ones(1, np.float32), 1, Scale(0, 1, -1, 1))
    prior = Prior(np.zeros((1, 120), np.float32), precision, np.ones(1, np.float32))
    out = np.empty((1, 120), np.float32)
    solve_rows(ratings, Columns(vectors, np.zeros(1, np.float32)), prior, out)
    assert np.isfinite(out).all()
    assert out[0] @ vectors[0] == pytest.approx(1, abs=1e-2)  # the rating, as hardly anything holds it back
