"""The sweep against NumPy's inverse, over sizes below, at and above its blocks and tiles."""

import numba
import numpy as np
import pytest

from slatewright.core.arrays import Array
from slatewright.models.linear import inverting
from slatewright.models.linear.inverting import NotPositiveDefinite, sweep


def positive_definite(n: int) -> Array:
    rng = np.random.default_rng(n)
    table = rng.standard_normal((n + 5, n))
    matrix: Array = table.T @ table + np.eye(n)
    return matrix


@pytest.mark.parametrize("n", [1, 2, 9, 10, 11, 40, 57])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gives_the_negative_inverse_in_the_lower_triangle(n: int, dtype: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inverting, "BLOCK", 10)
    monkeypatch.setattr(inverting, "TILE", 16)
    monkeypatch.setattr(inverting, "STRIP", 5)
    matrix = positive_definite(n)
    swept: Array = matrix.astype(dtype)
    sweep(swept)
    expected = np.tril(np.linalg.inv(matrix))
    tolerance = 1e-10 if dtype is np.float64 else 2e-4
    np.testing.assert_allclose(-np.tril(swept), expected, atol=tolerance * np.abs(expected).max())


def test_the_upper_triangle_is_not_read() -> None:
    matrix = positive_definite(30)
    swept = np.tril(matrix) + np.triu(np.full_like(matrix, 7), 1)
    sweep(swept)
    np.testing.assert_allclose(-np.tril(swept), np.tril(np.linalg.inv(matrix)), atol=1e-9)


def test_a_matrix_without_a_factor_is_refused() -> None:
    with pytest.raises(NotPositiveDefinite):
        sweep(np.array([[1.0, 0.0], [2.0, 1.0]]))


def test_a_matrix_of_nothing_stays_so() -> None:
    empty = np.empty((0, 0), dtype=np.float32)
    sweep(empty)
    assert empty.shape == (0, 0)


def test_the_numbers_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(numba, "get_num_threads", lambda threads=threads: threads)
        swept = positive_definite(700)
        sweep(swept)
        found.append(np.tril(swept))
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])
