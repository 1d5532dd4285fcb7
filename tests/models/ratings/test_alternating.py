"""Half sweeps end where the dense normal equations do."""

import numpy as np
import pytest

from slatewright.models.ratings.alternating import Pull, improve_rows
from slatewright.models.ratings.ridge import Columns

from .test_blocks import some_ratings


@pytest.mark.parametrize("pulled", [False, True])
def test_enough_steps_solve_the_normal_equations(pulled: bool) -> None:
    ratings = some_ratings(20, 30)
    rng = np.random.default_rng(0)
    columns = Columns(rng.standard_normal((30, 5), dtype=np.float32), rng.standard_normal(30, dtype=np.float32))
    means = rng.standard_normal((20, 5), dtype=np.float32)
    pull = Pull(rng.uniform(0.5, 2, 5).astype(np.float32), rng.uniform(1, 3, 20).astype(np.float32))
    if pulled:
        pull = Pull(pull.penalties, pull.strengths, means)
    rows = rng.standard_normal((20, 5), dtype=np.float32)
    improve_rows(ratings, columns, pull, rows, 30)
    for row in range(20):
        span = slice(ratings.offsets[row], ratings.offsets[row + 1])
        vectors = columns.vectors[ratings.items[span]].astype(np.float64)
        ridge = np.diag(pull.penalties * pull.strengths[row]).astype(np.float64)
        right = vectors.T @ (ratings.values[span] - columns.levels[ratings.items[span]])
        expected = np.linalg.solve(vectors.T @ vectors + ridge, right + pulled * (ridge @ means[row]))
        np.testing.assert_allclose(rows[row], expected, rtol=1e-3, atol=1e-3)
