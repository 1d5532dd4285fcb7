"""Ridge regression by conjugate gradient against the closed form."""

import numpy as np
import pytest
from scipy import sparse

from slatewright.models.hybrid.ridge import Ridge


@pytest.mark.parametrize(("n", "p"), [(40, 12), (12, 40)])
def test_it_is_the_closed_form(n: int, p: int) -> None:
    draw = np.random.default_rng(0)
    features = sparse.csr_matrix(sparse.random_array((n, p), density=0.4, rng=draw, dtype=np.float32))
    targets = draw.standard_normal((n, 5)).astype(np.float32)
    start = np.zeros((p, 5), dtype=np.float32)
    found = Ridge.of(features, 0.7).solve(targets, start, steps=200, tolerance=1e-6)
    dense = features.toarray().astype(np.float64)
    np.testing.assert_allclose(found, np.linalg.solve(dense.T @ dense + 0.7 * np.eye(p), dense.T @ targets), atol=1e-4)
    again = Ridge.of(features, 0.7).solve(targets, found, steps=1, tolerance=1e-3)
    np.testing.assert_array_equal(again, found)  # nothing is left to do


def test_nothing_to_learn_from() -> None:
    nothing = Ridge.of(sparse.csr_matrix((3, 0), dtype=np.float32), 1.0)
    assert nothing.solve(np.ones((3, 2), np.float32), np.zeros((0, 2), np.float32), steps=5).shape == (0, 2)
