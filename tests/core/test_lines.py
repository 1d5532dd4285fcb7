import numba
import numpy as np
import pytest

from slatewright.core.arrays import Scores
from slatewright.core.lines import LINE, ask_for, rows_on_lines


@pytest.mark.parametrize(("n", "d", "width"), [(3, 1, 16), (5, 16, 16), (2, 100, 112), (0, 8, 16)])
def test_rows_are_zero_and_begin_on_a_line(n: int, d: int, width: int) -> None:
    rows = rows_on_lines(n, d)
    assert rows.shape == (n, width)
    assert rows.dtype == np.float32
    assert not rows.any()
    assert all(row.ctypes.data % (4 * LINE) == 0 for row in rows)


def sum_asked_for(rows: Scores) -> float:
    total = 0.0
    for row in range(len(rows)):
        ask_for(rows, min(row + 1, len(rows) - 1), 0)
        total += rows[row, 0]
    return total


def test_asking_for_a_line_changes_nothing() -> None:
    rows = np.random.default_rng(0).random((50, 20), dtype=np.float32)
    before = rows.copy()
    kernel = numba.njit(sum_asked_for)  # not cached, so that its code can be looked at
    assert kernel(rows) == pytest.approx(float(rows[:, 0].sum(dtype=np.float64)))
    np.testing.assert_array_equal(rows, before)
    assert "prefetch" in next(iter(kernel.inspect_llvm().values()))
