"""Sums of sparse rows against a dense product."""

import numpy as np
import pytest
from scipy import sparse

from slatewright.data.histories import Histories
from slatewright.models.content.sparse_rows import SparseRows, likenesses


def matrix(n: int, p: int, seed: int = 0) -> sparse.csr_matrix:
    drawn = sparse.random_array((n, p), density=0.3, rng=seed, dtype=np.float32)
    return sparse.csr_matrix(drawn)


@pytest.mark.parametrize("items", [None, np.array([4, 0, 4], dtype=np.int32)])
def test_likenesses_are_a_product_of_three_matrices(items: np.ndarray | None) -> None:
    rows = matrix(9, 7)
    histories = Histories.of([[0, 3, 3], [], [8, 1]], weights=[[1, 2, -2], [], [0.5, 3]])
    found = likenesses(histories, SparseRows.of(rows), SparseRows.of(rows.T.tocsr()), items)
    expected = histories.matrix(9).toarray() @ (rows @ rows.T).toarray()
    np.testing.assert_allclose(found, expected if items is None else expected[:, items], atol=1e-6)


def test_many_histories_are_shared_among_threads() -> None:
    rows = matrix(200, 50)
    draw = np.random.default_rng(0)
    histories = Histories.of([draw.integers(0, 200, 20).astype(np.int32) for _ in range(300)])
    found = likenesses(histories, SparseRows.of(rows), SparseRows.of(rows.T.tocsr()), None)
    np.testing.assert_allclose(found, histories.matrix(200) @ (rows @ rows.T).toarray(), rtol=1e-4)


def test_arrays_bring_it_back() -> None:
    rows = matrix(5, 4)
    back = SparseRows.from_arrays(SparseRows.of(rows).arrays("some"), "some")
    assert len(back) == 5
    assert (back.matrix(4) != rows).nnz == 0
