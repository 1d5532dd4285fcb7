"""The loss against a dense sum in double precision."""

import numpy as np
import pytest
from scipy import sparse

from slatewright.models.factorisation.least_squares import Penalty, Rows
from slatewright.models.factorisation.loss import exact_loss


@pytest.mark.parametrize(("n_users", "n_items", "density"), [(40, 30, 0.2), (2500, 60, 0.3), (5, 4, 0.0), (1, 1, 1.0)])
def test_the_loss_is_that_of_the_dense_matrix(n_users: int, n_items: int, density: float) -> None:
    rng = np.random.default_rng(4)
    dense = rng.uniform(0.5, 3, (n_users, n_items)) * (rng.random((n_users, n_items)) < density)
    users, items = (rng.standard_normal((n, 5), dtype=np.float32) for n in (n_users, n_items))
    matrix, penalty = sparse.csr_matrix(dense.astype(np.float32)), Penalty(0.3, 0.5, 0.2)
    rows, columns = Rows.of(matrix, penalty), Rows.of(matrix.T.tocsr(), penalty)
    found = exact_loss(rows, users, items, columns.penalties)
    scores = users.astype(np.float64) @ items.T.astype(np.float64)
    observed = float((dense * np.square(1 - scores))[dense > 0].sum())
    unobserved = float(0.2 * np.square(scores)[dense == 0].sum())
    ridge = sum(
        float(penalty.of_rows((side > 0).sum(1), side.shape[1]) @ np.square(factors.astype(np.float64)).sum(1))
        for side, factors in ((dense, users), (dense.T, items))
    )
    assert found.observed == pytest.approx(observed, rel=1e-5)
    assert found.unobserved == pytest.approx(unobserved, rel=1e-4, abs=1e-4)
    assert found.penalty == pytest.approx(ridge, rel=1e-5)
    assert found.total == pytest.approx(observed + unobserved + ridge, rel=1e-4)
