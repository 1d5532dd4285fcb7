"""The parts of a coordinate descent that have answers by hand."""

import numpy as np
import pytest

from slatewright.models.linear.descent import Penalties, appended, shrunk, useful


@pytest.mark.parametrize(
    ("value", "negative", "expected"), [(3.0, False, 2.0), (0.5, True, 0.0), (-3.0, False, 0.0), (-3.0, True, -2.0)]
)
def test_shrinking_moves_toward_zero_and_not_across(value: float, negative: bool, expected: float) -> None:
    assert shrunk(value, 1.0, negative) == expected


def test_the_useful_are_ordered_by_what_they_explain_alone() -> None:
    sums, squares = np.array([5.0, 4.0, 9.0, 0.5]), np.array([5.0, 1.0, 9.0, 1.0])
    penalties = Penalties(np.ones(4), 1.0, False)
    found = useful(2, np.arange(4, dtype=np.int32), sums, squares, penalties, 9)
    assert found.tolist() == [1, 0]  # 3²/2 before 4²/6; the target itself and what the penalty eats are out
    assert useful(2, np.arange(4, dtype=np.int32), sums, squares, penalties, 1).tolist() == [1]


def test_lists_grow_when_they_are_full() -> None:
    rows, numbers = np.array([7, 0], dtype=np.int32), np.array([0.5, 0], dtype=np.float32)
    rows, numbers, size = appended(rows, numbers, 1, np.array([9, 3, 4], dtype=np.int32), np.array([0.1, 0.2, 0.0]))
    assert size == 3
    assert rows[:3].tolist() == [7, 3, 9]
    assert numbers[:3] == pytest.approx([0.5, 0.2, 0.1])
