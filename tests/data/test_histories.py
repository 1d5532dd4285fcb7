import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.histories import Histories

LISTS = st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=6)


def test_defaults_are_weight_one_and_time_zero() -> None:
    histories = Histories.of([[2, 1], []])
    assert histories.weights.tolist() == [1.0, 1.0]
    assert histories.times.tolist() == [0, 0]
    assert histories.items_of(0).tolist() == [2, 1]
    assert histories.items_of(1).tolist() == []
    assert len(Histories.of([])) == 0


def test_weights_of_the_same_item_add_up() -> None:
    matrix = Histories.of([[3, 0, 3]], [[1.0, 2.0, 4.0]]).matrix(5)
    assert matrix.toarray().tolist() == [[2.0, 0.0, 0.0, 5.0, 0.0]]
    assert matrix.nnz == 2
    assert matrix.has_sorted_indices


@given(LISTS, st.data())
def test_take_takes_whole_histories_in_the_order_asked(lists: list[list[int]], data: st.DataObject) -> None:
    users = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=8))
    times = [[10 * user + at for at in range(len(one))] for user, one in enumerate(lists)]
    taken = Histories.of(lists, times=times).take(np.array(users, dtype=np.int32))
    assert [taken.items_of(at).tolist() for at in range(len(taken))] == [lists[user] for user in users]
    assert taken.times.tolist() == [time for user in users for time in times[user]]
    assert taken.lengths().tolist() == [len(lists[user]) for user in users]
