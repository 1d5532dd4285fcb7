"""Least squares against a dense solver in double precision."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from slatewright.core.arrays import Array, Scores
from slatewright.data.histories import Histories
from slatewright.models.factorisation.least_squares import Basis, Penalty, Rows
from slatewright.models.factorisation.sweeping import eigenbasis


def problem(n: int, m: int, d: int, seed: int, density: float = 0.3) -> tuple[sparse.csr_matrix, Basis]:
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0.01, 5, (n, m)) * (rng.random((n, m)) < density)
    factors = rng.standard_normal((m, d), dtype=np.float32)
    spectrum, rotation = eigenbasis(factors.T @ factors)
    return sparse.csr_matrix(weights.astype(np.float32)), Basis(factors @ rotation, spectrum)


def exact(matrix: sparse.csr_matrix, basis: Basis, penalty: Penalty) -> Array:
    """Every normal equation written out and solved."""
    weights, factors = matrix.toarray().astype(np.float64), basis.factors.astype(np.float64)
    observed = weights > 0
    confidence = np.where(observed, weights, penalty.unobserved_weight)
    ridge = penalty.of_rows(observed.sum(axis=1), matrix.shape[1]).astype(np.float64)
    left = np.einsum("ni,if,ig->nfg", confidence, factors, factors) + ridge[:, None, None] * np.eye(factors.shape[1])
    right = (weights * observed) @ factors
    return np.linalg.solve(left, right[..., None])[..., 0]


def solved(matrix: sparse.csr_matrix, basis: Basis, penalty: Penalty, steps: int = 200) -> Scores:
    solutions = np.full((matrix.shape[0], len(basis.spectrum)), np.nan, dtype=np.float32)
    Rows.of(matrix, penalty).solve(basis, solutions, steps, 1e-7)
    return solutions


@settings(deadline=None)
@given(
    st.integers(1, 12),
    st.integers(1, 40),
    st.integers(1, 20),
    st.floats(0.01, 2),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.integers(0, 2**32 - 1),
)
def test_solved_rows_are_those_of_a_dense_solver(
    n: int, m: int, d: int, unobserved: float, exponent: float, seed: int
) -> None:
    matrix, basis = problem(n, m, d, seed)
    penalty = Penalty(0.1, exponent, unobserved)
    np.testing.assert_allclose(solved(matrix, basis, penalty), exact(matrix, basis, penalty), rtol=2e-3, atol=2e-4)


def test_many_rows_on_several_threads_are_those_of_a_dense_solver() -> None:
    matrix, basis = problem(3000, 200, 16, seed=1, density=0.05)
    penalty = Penalty(0.02, 0.5, 0.05)
    np.testing.assert_allclose(solved(matrix, basis, penalty), exact(matrix, basis, penalty), rtol=2e-3, atol=2e-4)


def test_a_row_without_entries_is_zero() -> None:
    matrix, basis = problem(3, 10, 4, seed=2, density=0.0)
    np.testing.assert_array_equal(solved(matrix, basis, Penalty(0.1, 1.0, 0.1)), np.zeros((3, 4)))


def test_every_step_comes_closer() -> None:
    matrix, basis = problem(50, 100, 16, seed=3)
    penalty = Penalty(0.1, 0.5, 0.1)
    target = exact(matrix, basis, penalty)
    errors = [np.abs(solved(matrix, basis, penalty, steps) - target).mean() for steps in (1, 2, 3, 6, 20)]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-5


def test_the_penalty_grows_with_the_row_as_its_exponent_says() -> None:
    lengths = np.array([0, 10])
    assert Penalty(0.5, 0.0, 0.1).of_rows(lengths, 100) == pytest.approx([0.5, 0.5])
    assert Penalty(0.5, 1.0, 0.1).of_rows(lengths, 100) == pytest.approx([5.0, 10.0])
    assert Penalty(0.5, 0.5, 0.1).of_rows(lengths, 60) == pytest.approx([0.5 * 6**0.5, 2.0])


def test_the_problem_of_one_history_is_that_of_its_matrix() -> None:
    items, weights = [4, 2, 4, 7, 2, 1], [1, 2, 0.5, -1, -2, 0.25]
    history, penalty = Histories.of([items], weights=[weights]), Penalty(0.1, 0.5, 0.2)
    one, of_matrix = Rows.of_one(history, 9, penalty), Rows.of(history.matrix(9), penalty)
    for name in ("offsets", "columns", "weights", "penalties", "unobserved_weight"):
        np.testing.assert_array_equal(getattr(one, name), getattr(of_matrix, name))
    assert len(Rows.of_one(Histories.of([[]]), 9, penalty).columns) == 0
