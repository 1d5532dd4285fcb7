"""What stands on both sides, against sets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.interactions import Interactions
from slatewright.data.splits.matching import also_in, beside, in_visits_of

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


EVENTS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 1), st.integers(0, 2)), max_size=12)


@given(EVENTS, st.data())
def test_an_event_that_stands_twice_is_beside_itself(
    events: list[tuple[int, int, int, int]], data: st.DataObject
) -> None:
    """One user, item, kind and instant, against sets."""
    held = np.array(data.draw(st.lists(st.booleans(), min_size=len(events), max_size=len(events))), dtype=np.bool_)
    user, item, kind, time = (np.array([event[at] for event in events], np.int64) for at in range(4))
    ones = np.ones(len(events), np.float32)
    table = Interactions(user.astype(np.int32), item.astype(np.int32), kind.astype(np.int8), ones, ones, time)
    given_away = {event for event, out in zip(events, held, strict=True) if out}
    expected = [event in given_away and not out for event, out in zip(events, held, strict=True)]
    assert beside(table, ~held, held).tolist() == expected
