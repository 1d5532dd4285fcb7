"""Every row stands once in a drawn order, wherever it is cut."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.feeding.order import shuffled


@given(st.integers(0, 3000), st.integers(0, 2**64 - 1), st.integers(1, 500))
def test_every_row_stands_once_however_the_order_is_cut(n: int, seed: int, size: int) -> None:
    parts = [shuffled(begin, min(begin + size, n), n, seed) for begin in range(0, n, size)]
    order = np.concatenate([*parts, np.empty(0, np.int64)])
    assert sorted(order.tolist()) == list(range(n))
    np.testing.assert_array_equal(order, shuffled(0, n, n, seed))


def test_other_seeds_give_other_orders() -> None:
    orders = {tuple(shuffled(0, 50, 50, seed).tolist()) for seed in range(20)}
    assert len(orders) == 20


def test_rows_are_spread_as_by_lot() -> None:
    firsts = np.array([shuffled(0, 10, 10, seed) for seed in range(5000)])  # (orders, places)
    counts = np.stack([np.bincount(column, minlength=10) for column in firsts.T])
    assert np.abs(counts - 500).max() < 5 * np.sqrt(500 * 0.9)  # five standard deviations
    neighbours = (np.diff(firsts, axis=1) == 1).mean()  # by lot 1 in 10
    assert 0.09 < neighbours < 0.11
