import numpy as np
import pytest

from slatewright.models.products import dots, products


@pytest.mark.parametrize("n", [0, 1, 4, 5, 30])
@pytest.mark.parametrize(("m", "d"), [(0, 3), (1, 1), (100, 64)])
def test_few_rows_and_many_are_the_matrix_product(n: int, m: int, d: int) -> None:
    rng = np.random.default_rng(0)
    rows, others = (rng.standard_normal((size, d), dtype=np.float32) for size in (n, m))
    others.flags.writeable = False  # as it comes from a bundle
    found = products(rows, others)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, rows @ others.T, rtol=1e-4, atol=1e-5)


def test_the_products_of_chosen_rows_are_those_of_all() -> None:
    rng = np.random.default_rng(0)
    row, others = rng.standard_normal(64, dtype=np.float32), rng.standard_normal((50, 64), dtype=np.float32)
    chosen = np.array([3, 49, 3, 0], dtype=np.int32)
    np.testing.assert_allclose(dots(row, others, chosen), others[chosen] @ row, rtol=1e-4, atol=1e-5)
    assert len(dots(row, others, chosen[:0])) == 0
