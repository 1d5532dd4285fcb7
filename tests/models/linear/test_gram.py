import numpy as np
import pytest
from scipy import sparse

from slatewright.core.arrays import Array
from slatewright.models.linear.gram import discounted, gram_into, largest_row_sum

TABLE = sparse.random(40, 25, 0.2, format="csr", dtype=np.float32, rng=np.random.default_rng(0))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_lower_triangle_is_that_of_the_product(dtype: type) -> None:
    out: Array = np.zeros((25, 25), dtype=dtype)
    gram_into(TABLE, out)
    np.testing.assert_allclose(out, np.tril((TABLE.T @ TABLE).toarray()), rtol=1e-5)


def test_no_eigenvalue_is_above_the_largest_row_sum() -> None:
    gram = (TABLE.T @ TABLE).toarray()
    assert largest_row_sum(TABLE) == pytest.approx(gram.sum(axis=1).max(), rel=1e-5)
    assert largest_row_sum(TABLE) >= np.linalg.eigvalsh(gram).max()
    assert largest_row_sum(sparse.csr_matrix((3, 0), dtype=np.float32)) == 0


def test_pairs_of_long_histories_weigh_less() -> None:
    table = sparse.csr_matrix(np.array([[1, 1, 1, 1], [1, 0, 0, 0]], dtype=np.float32))
    found = discounted(table, 0.5).toarray() ** 2
    assert found[1, 0] / found[0, 0] == pytest.approx(2)  # 4 items against 1, to the power of a half
    assert found[found > 0].mean() == pytest.approx(1)
    assert discounted(table, 0.0) is table
