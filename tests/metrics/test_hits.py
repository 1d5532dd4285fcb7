"""Where lists are right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.metrics.hits import hits


def test_a_place_is_a_hit_when_its_own_user_wants_the_item() -> None:
    lists = np.array([[4, 2, 7], [7, 4, 2]], dtype=np.int32)
    found = hits(lists, np.array([3, 3]), np.array([0, 2, 3]), np.array([7, 4, 2], dtype=np.int32))
    assert found.tolist() == [[True, False, True], [False, False, True]]


def test_places_behind_the_end_of_a_short_list_are_never_looked_at() -> None:
    lists = np.array([[4, 2, -9], [7, 7, 7]], dtype=np.int32)
    found = hits(lists, np.array([2, 0]), np.array([0, 1, 2]), np.array([2, 7], dtype=np.int32))
    assert found.tolist() == [[False, True, False], [False, False, False]]


def test_a_list_that_repeats_an_item_is_refused() -> None:
    lists = np.array([[4, 4]], dtype=np.int32)
    with pytest.raises(BadInput, match="1 of 2 places repeat"):
        hits(lists, np.array([2]), np.array([0, 1]), np.array([4], dtype=np.int32))


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadInput, match="2 users must come with 3 offsets"):
        hits(np.zeros((2, 3), dtype=np.int32), np.array([3, 3]), np.array([0, 1]), np.zeros(1, dtype=np.int32))


@given(st.lists(st.tuples(st.permutations(range(8)), st.sets(st.integers(0, 9)), st.integers(0, 5)), min_size=1))
def test_it_agrees_with_sets(users: list[tuple[list[int], set[int], int]]) -> None:
    lists = np.array([order[:5] for order, _, _ in users], dtype=np.int32)
    counts = np.array([count for _, _, count in users])
    offsets = np.cumsum([0] + [len(wanted) for _, wanted, _ in users])
    relevant = np.array([item for _, wanted, _ in users for item in sorted(wanted)], dtype=np.int32)
    expected = [[at < count and order[at] in wanted for at in range(5)] for order, wanted, count in users]
    assert hits(lists, counts, offsets, relevant).tolist() == expected


@pytest.mark.parametrize(("item", "right"), [(-1, 0), (0, -1)])
def test_an_item_below_zero_is_refused(item: int, right: int) -> None:
    with pytest.raises(BadInput, match="got one below 0"):
        hits(np.array([[item]], np.int32), np.array([1]), np.array([0, 1]), np.array([right], np.int32))
