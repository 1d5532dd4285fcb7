"""Arrays in bytes: by hand, and no number further away than half a step."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.models.neural.export.in_bytes import in_bytes, is_kept


def test_a_row_of_its_own_length_has_a_scale_of_its_own() -> None:
    kept, scale = in_bytes(np.array([[127.0, -64.0, 1.0], [0.0127, -0.0064, 0.0001]], dtype=np.float32))
    np.testing.assert_array_equal(kept, [[127, -64, 1], [127, -64, 1]])
    np.testing.assert_allclose(scale, [[1.0], [1e-4]], rtol=1e-6)


def test_columns_of_different_lengths_share_by_column() -> None:
    assert in_bytes(np.array([[127.0, 0.0127], [-64.0, 0.0064]], dtype=np.float32))[1].shape == (1, 2)


@given(st.integers(2, 9), st.integers(2, 9), st.integers(0, 99), st.floats(1e-20, 1e20))
def test_no_number_is_further_away_than_half_a_step(n: int, d: int, seed: int, size: float) -> None:
    array = (np.random.default_rng(seed).standard_normal((n, d)) * size).astype(np.float32)
    kept, scale = in_bytes(array)
    assert kept.nbytes == array.size
    assert (np.abs(kept * scale - array) <= 0.501 * scale).all()


def test_nothing_stays_nothing_and_what_is_small_stays_as_it_is() -> None:
    assert not in_bytes(np.zeros((3, 4), dtype=np.float32))[0].any()
    assert is_kept(np.zeros((16, 16), dtype=np.float32))
    for one in (np.zeros(999, np.float32), np.zeros((1, 999), np.float32), np.zeros((99, 99), np.int32)):
        assert not is_kept(one)
