"""Rows of one length hold the end of each history."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.histories import Histories
from slatewright.data.windows import latest


@given(st.lists(st.lists(st.integers(0, 9), max_size=8), max_size=5), st.integers(1, 6))
def test_a_row_ends_with_the_end_of_its_history(lists: list[list[int]], window: int) -> None:
    histories = Histories.of(lists)
    rows = latest(histories.items, histories.offsets[:-1], histories.offsets[1:], window, 10)
    assert rows.dtype == np.int32
    assert rows.tolist() == [([10] * window + one)[-window:] for one in lists]
