"""Novelty and serendipity against hand calculations."""

import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.metrics.surprise import novelty, self_information, serendipity


def test_an_item_that_half_as_many_took_brings_one_bit_more() -> None:
    assert self_information(np.array([8, 4, 1, 0]), 8).tolist() == [0, 1, 3, 3]


def test_a_list_of_rarer_items_is_more_novel() -> None:
    lists, counts = np.array([[0, 1], [1, 2], [0, 0]], dtype=np.int32), np.array([2, 2, 0])
    found = novelty(lists, counts, self_information(np.array([8, 4, 1]), 8))
    assert found == pytest.approx([0.5, 2.0, np.nan], nan_ok=True)


@pytest.mark.parametrize(("takers", "users"), [([9], 8), ([0], 0)])
def test_more_takers_than_users_are_refused(takers: list[int], users: int) -> None:
    with pytest.raises(BadInput, match="no more than all"):
        self_information(np.array(takers), users)


def test_right_items_count_only_where_best_sellers_would_not_have_shown_them() -> None:
    lists = np.array([[5, 1, 7, 2], [5, 1, 7, 2], [5, 9, 9, 9]], dtype=np.int32)
    best_sellers = np.array([[1, 2], [8, 9], [5, 1]], dtype=np.int32)
    right = np.array([[True, True, False, True], [True, True, False, True], [True, False, False, False]])
    found = serendipity(right, lists, np.array([4, 4, 1]), best_sellers, np.array([2, 2, 0]))
    assert found.tolist() == [1 / 4, 3 / 4, 1 / 4]


def test_what_lies_behind_a_list_is_never_looked_at_and_shapes_must_fit() -> None:
    lists, expected = np.array([[3, 2**31 - 1]], dtype=np.int32), np.array([[4, -9]], dtype=np.int32)
    one = np.array([1])
    assert serendipity(np.array([[True, True]]), lists, one, expected, one).tolist() == [1 / 2]
    with pytest.raises(BadInput, match=r"must be of the same 1 users and 2 places as the lists, got \(1, 1\)"):
        serendipity(np.array([[True]]), lists, one, expected, one)
    with pytest.raises(BadInput, match="got one below 0"):
        serendipity(np.array([[True, True]]), lists, one, expected, np.array([2]))


def test_the_best_sellers_themselves_are_never_serendipitous() -> None:
    lists = np.array([[3, 1, 2]], dtype=np.int32)
    assert serendipity(np.ones((1, 3), dtype=bool), lists, np.array([3]), lists, np.array([3])).tolist() == [0]
