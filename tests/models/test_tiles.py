import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.models import tiles
from slatewright.models.tiles import top_products
from slatewright.models.topk import top_k


@settings(deadline=None)
@given(st.integers(0, 7), st.integers(0, 300), st.integers(1, 400), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_the_best_products_are_those_of_the_whole_product(n: int, m: int, k: int, d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, others = (rng.integers(-2, 3, (size, d)).astype(np.float32) for size in (n, m))  # exact, many ties
    offsets = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(rng.integers(0, 20, n), out=offsets[1:])
    hidden = offsets, rng.integers(0, m + 5, offsets[-1]).astype(np.int32)
    found = top_products(rows, others, k, hidden)
    wanted = top_k(rows @ others.T, k, hidden)
    np.testing.assert_array_equal(found[2], wanted[2])
    for row, count in enumerate(wanted[2]):
        np.testing.assert_array_equal(found[0][row, :count], wanted[0][row, :count])
        np.testing.assert_array_equal(found[1][row, :count], wanted[1][row, :count])


@pytest.mark.parametrize(("tile_rows", "tile_columns"), [(128, 1024), (16, 100), (1, 1)])
def test_the_size_of_a_tile_does_not_change_the_lists(
    tile_rows: int, tile_columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "TILE_ROWS", tile_rows)
    monkeypatch.setattr(tiles, "TILE_COLUMNS", tile_columns)
    rng = np.random.default_rng(0)
    rows, others = (rng.integers(-9, 10, (size, 4)).astype(np.float32) for size in (150, 700))
    hidden = np.arange(151) * 3, rng.integers(0, 700, 450).astype(np.int32)
    wanted = top_k(rows @ others.T, 10, hidden)
    for found, whole in zip(top_products(rows, others, 10, hidden), wanted, strict=True):
        np.testing.assert_array_equal(found, whole)
