"""The strongest directions of a sparse matrix, next to LAPACK's."""

import numpy as np
import pytest
from scipy import sparse

from slatewright.models.linear import spectrum as module
from slatewright.models.linear.spectrum import spectrum, times


def falling(rows: int, columns: int, seed: int = 0) -> sparse.csr_matrix:
    """A sparse matrix whose columns fade, so that its strongest directions stand apart."""
    table = sparse.random(rows, columns, 0.2, format="csr", dtype=np.float32, rng=np.random.default_rng(seed))
    table.data *= (1 / (1 + np.arange(columns, dtype=np.float32)) ** 0.7)[table.indices]
    return table.tocsr()


@pytest.mark.parametrize("exact", [0, 1000])
def test_values_and_vectors_are_those_of_lapack(exact: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT", exact)
    table = falling(300, 200)
    _, expected, vectors = np.linalg.svd(table.toarray().astype(np.float64), full_matrices=False)
    values, found = spectrum(table, 20, 0)
    np.testing.assert_allclose(values, expected[:20], rtol=1e-4)
    np.testing.assert_allclose(found.T @ found, np.eye(20), atol=1e-4)
    np.testing.assert_allclose(np.abs((found * vectors[:20].T).sum(axis=0))[:10], 1, atol=1e-3)


@pytest.mark.parametrize("exact", [0, 1000])
def test_no_more_directions_than_the_matrix_has(exact: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT", exact)
    halves = np.zeros((40, 30), dtype=np.float32)
    halves[:20, :15] = 1
    halves[20:, 15:] = 2
    values, vectors = spectrum(sparse.csr_matrix(halves), 25, 0)
    np.testing.assert_allclose(values, [2 * np.sqrt(20 * 15), np.sqrt(20 * 15)], rtol=1e-5)
    np.testing.assert_allclose(vectors @ vectors.T @ halves.T, halves.T, atol=1e-3)


def test_an_empty_matrix_has_no_directions() -> None:
    values, vectors = spectrum(sparse.csr_matrix((4, 3), dtype=np.float32), 2, 0)
    assert values.shape == (0,)
    assert vectors.shape == (3, 0)


def test_the_seed_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT", 0)
    table = falling(100, 80)
    first, again, other = (spectrum(table, 5, seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_product_is_that_of_scipy() -> None:
    table = sparse.random(2000, 500, 0.05, format="csr", dtype=np.float32, rng=np.random.default_rng(1))
    dense = np.random.default_rng(2).standard_normal((500, 24), dtype=np.float32)
    np.testing.assert_allclose(times(table, dense), table @ dense, rtol=1e-4, atol=1e-5)
