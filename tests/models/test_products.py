import numpy as np
import pytest

from slatewright.models.products import products


@pytest.mark.parametrize("n", [0, 1, 4, 5, 30])
@pytest.mark.parametrize(("m", "d"), [(0, 3), (1, 1), (100, 64)])
def test_few_rows_and_many_are_the_matrix_product(n: int, m: int, d: int) -> None:
    rng = np.random.default_rng(0)
    rows, others = (rng.standard_normal((size, d), dtype=np.float32) for size in (n, m))
    others.flags.writeable = False  # as it comes from a bundle
    found = products(rows, others)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, rows @ others.T, rtol=1e-4, atol=1e-5)
