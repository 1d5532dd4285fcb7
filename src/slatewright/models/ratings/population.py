"""What a crowd of vectors has in common: mean and precision, drawn from their posterior.

The prior is normal-Wishart (Salakhutdinov, Mnih: Bayesian Probabilistic Matrix Factorization using Markov Chain Monte
Carlo, ICML 2008), with a Wishart of d degrees of freedom around the unit matrix and a mean that weighs two vectors.
"""

from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Scores

MEAN_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Population:
    """``mean`` float64 (d,) and ``precision`` float64 (d, d) of normally distributed vectors."""

    mean: Array
    precision: Array

    @classmethod
    def drawn(cls, vectors: Scores, rng: np.random.Generator) -> "Population":
        """One draw from the posterior, given vectors float32 (n, d)."""
        n, width = vectors.shape
        exact = vectors.astype(np.float64)
        center = exact.mean(axis=0) if n else np.zeros(width)
        weight = MEAN_WEIGHT + n
        apart = exact - center
        scatter = np.eye(width) + apart.T @ apart + np.outer(center, center) * (MEAN_WEIGHT * n / weight)
        precision = wishart(np.linalg.inv(scatter), width + n, rng)
        root = np.linalg.cholesky(precision * weight)
        mean = n * center / weight + np.linalg.solve(root.T, rng.standard_normal(width))
        return cls(mean, precision)


def wishart(scale: Array, degrees: int, rng: np.random.Generator) -> Array:
    """A draw from the Wishart distribution, whose mean is ``degrees * scale``, by Bartlett's decomposition."""
    width = len(scale)
    lower = np.tril(rng.standard_normal((width, width)), -1)
    lower[np.diag_indices(width)] = np.sqrt(rng.chisquare(degrees - np.arange(width)))
    root = np.linalg.cholesky((scale + scale.T) / 2) @ lower
    drawn: Array = root @ root.T
    return drawn
