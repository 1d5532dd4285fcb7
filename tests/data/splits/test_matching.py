"""What stands on both sides, against sets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.interactions import Interactions
from slatewright.data.splits.matching import also_in, in_visits_of

ROWS = st.lists(
    st.tuples(st.lists(st.integers(-3, 3), max_size=6), st.lists(st.integers(-3, 3), max_size=6)), max_size=6
)


@given(ROWS)
def test_as_sets_have_it(rows: list[tuple[list[int], list[int]]]) -> None:
    """Long rows against short ones and the other way round, with repeats on both sides."""
    sides = [[row[side] for row in rows] for side in (0, 1)]
    offsets = [np.concatenate([[0], np.cumsum([len(row) for row in side])]).astype(np.int64) for side in sides]
    keys = [np.array([key for row in side for key in row], dtype=np.int64) for side in sides]
    expected = [key in set(others) for own, others in rows for key in own]
    assert also_in(keys[0], offsets[0], keys[1], offsets[1]).tolist() == expected


def test_a_visit_is_one_users_own_and_no_visit_is_shared() -> None:
    user = np.array([0, 0, 0, 1, 1], np.int32)
    session = np.array([5, 5, 0, 5, 0], np.int32)
    ones = np.ones(5, np.float32)
    table = Interactions(user, user, user.astype(np.int8), ones, ones, np.arange(5), session=session)
    first = np.array([True, False, False, False, False])
    assert in_visits_of(table, ~first, first).tolist() == [False, True, False, False, False]
    assert not in_visits_of(table, ~first, np.array([False, False, True, False, True])).any()
