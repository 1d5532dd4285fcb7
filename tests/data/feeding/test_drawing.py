"""Drawn items are none of the user's own, each alike."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from slatewright.data.feeding.drawing import draw

Taken = st.lists(st.sets(st.integers(0, 8)), min_size=1, max_size=6)


def _matrix(taken: list[set[int]], n_items: int) -> sparse.csr_matrix:
    dense = np.zeros((len(taken), n_items), dtype=np.float32)
    for user, items in enumerate(taken):
        dense[user, list(items)] = 1
    return sparse.csr_matrix(dense)


@given(Taken, st.integers(0, 2**64 - 1))
def test_nobody_is_given_what_the_user_has(taken: list[set[int]], seed: int) -> None:
    users = np.repeat(np.arange(len(taken), dtype=np.int32), 5)
    drawn = draw(_matrix(taken, 9), users, np.arange(len(users)), 3, seed)
    assert drawn.shape == (len(users), 3)
    for user, items in zip(users.tolist(), drawn.tolist(), strict=True):
        assert set(items) <= set(range(9))
        assert len(taken[user]) == 9 or not set(items) & taken[user]


def test_each_item_that_is_left_is_drawn_alike() -> None:
    drawn = draw(_matrix([{1, 3}], 6), np.zeros(20_000, np.int32), np.arange(20_000), 2, 1)
    counts = np.bincount(drawn.ravel(), minlength=6)
    assert counts[[1, 3]].tolist() == [0, 0]
    assert np.abs(counts[[0, 2, 4, 5]] - 10_000).max() < 5 * np.sqrt(10_000 * 0.75)


def test_an_event_gets_the_same_items_in_whatever_company() -> None:
    taken, users = _matrix([{0}, {1, 2}], 50), np.array([0, 1, 1, 0], np.int32)
    together = draw(taken, users, np.arange(4), 3, 7)
    alone = [draw(taken, users[at : at + 1], np.array([at]), 3, 7)[0] for at in range(4)]
    np.testing.assert_array_equal(together, np.stack(alone))
