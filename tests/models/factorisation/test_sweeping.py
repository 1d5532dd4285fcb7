import numpy as np
from scipy import sparse

from slatewright.models.factorisation.least_squares import Penalty, Rows
from slatewright.models.factorisation.sweeping import eigenbasis, half_sweep, rotate


def test_the_eigenbasis_makes_the_gram_matrix_diagonal() -> None:
    factors = np.random.default_rng(0).standard_normal((2000, 24), dtype=np.float32)
    spectrum, rotation = eigenbasis(factors.T @ factors)
    rotate(factors, rotation)
    np.testing.assert_allclose(factors.T @ factors, np.diag(spectrum), atol=2e-2)


def test_half_sweeps_give_the_gram_matrix_and_lower_the_loss() -> None:
    rng = np.random.default_rng(1)
    matrix = sparse.random(60, 40, density=0.2, format="csr", dtype=np.float32, random_state=1)
    matrix.data[:] = 1
    penalty = Penalty(0.1, 0.0, 0.1)
    sides = Rows.of(matrix, penalty), Rows.of(matrix.T.tocsr(), penalty)
    items = rng.standard_normal((40, 6), dtype=np.float32)
    users = np.empty((60, 6), dtype=np.float32)
    dense = matrix.toarray()

    def loss() -> float:
        weights = np.where(dense > 0, 1, penalty.unobserved_weight)
        ridge = penalty.reg * (np.square(users).sum() + np.square(items).sum())
        return float((weights * np.square(dense - users @ items.T)).sum() + ridge)

    gram, losses = items.T @ items, []
    for _ in range(5):
        gram = half_sweep(sides[0], items, gram, users)
        np.testing.assert_allclose(gram, users.T @ users, rtol=1e-4, atol=1e-4)
        losses.append(loss())
        gram = half_sweep(sides[1], users, gram, items)
        losses.append(loss())
    assert losses == sorted(losses, reverse=True)
