import numpy as np

from slatewright.models.factorisation.conjugate_gradient import Problems, solve_chunk


def test_one_row_with_one_column_and_one_number_by_hand() -> None:
    # (0.5 * 4 + 0.1 + (3 - 0.5) * 4) x = 3 * 2: the Gram matrix is 4, the weight 3, the unobserved weight 0.5
    solutions = np.full((1, 1), 9, dtype=np.float32)
    problems = Problems(
        np.array([0, 1]),
        np.array([0], dtype=np.int32),
        np.array([3], dtype=np.float32),
        np.array([0.1], dtype=np.float32),
        np.float32(0.5),
    )
    factors, dense = np.array([[2]], dtype=np.float32), np.array([0.5 * 4], dtype=np.float32)
    solve_chunk(problems, factors, dense, solutions, 1, np.float32(0))
    np.testing.assert_allclose(solutions, [[6 / 12.1]], rtol=1e-6)


def test_no_rows_are_no_work() -> None:
    empty = np.empty((0, 3), dtype=np.float32)
    columns, weights = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
    dense = np.ones(3, dtype=np.float32)
    problems = Problems(np.array([0]), columns, weights, weights, np.float32(1))
    solve_chunk(problems, empty, dense, empty, 3, np.float32(0))
    assert empty.shape == (0, 3)
