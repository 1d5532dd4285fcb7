"""Popularity bias against hand calculations and the textbook's double sum."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.metrics.popularity_bias import (
    BANDS,
    average_popularity,
    gini,
    gini_of_users,
    popularity_bands,
    popularity_lift,
    tail_share,
)


def test_bands_hold_a_fifth_three_fifths_and_a_fifth_of_what_was_taken() -> None:
    takers = np.array([5, 40, 0, 20, 10, 10, 10, 5])  # 100 in all
    assert [BANDS[band] for band in popularity_bands(takers)] == [
        "tail", "head", "tail", "mid", "mid", "mid", "tail", "tail",
    ]  # fmt: skip
    assert popularity_bands(np.zeros(3, dtype=np.int64)).tolist() == [2, 2, 2]


def test_equally_popular_items_are_told_apart_by_index() -> None:
    assert popularity_bands(np.full(10, 7)).tolist() == [0, 0, 1, 1, 1, 1, 1, 1, 2, 2]


def test_gini_of_even_and_of_single_minded_lists() -> None:
    even = np.array([[0, 1], [2, 3]], dtype=np.int32)
    assert gini(even, np.array([2, 2]), 4) == 0
    assert gini(np.array([[1]] * 5, dtype=np.int32), np.ones(5, dtype=np.int64), 4) == pytest.approx(3 / 4)
    with pytest.raises(BadInput, match="no list shows anything"):
        gini(even, np.array([0, 0]), 4)


@given(st.lists(st.permutations(range(7)), min_size=2, max_size=9), st.integers(1, 7))
def test_gini_is_half_the_relative_mean_difference(orders: list[list[int]], size: int) -> None:
    lists, counts = np.array(orders, dtype=np.int32), np.full(len(orders), size)
    counts[0] = 1
    shown = np.bincount(np.concatenate([row[:c] for row, c in zip(lists, counts, strict=True)]), minlength=7)
    expected = np.abs(shown[:, None] - shown[None, :]).sum() / (2 * 7 * shown.sum())
    assert gini(lists, counts, 7) == pytest.approx(expected)
    assert gini_of_users(lists, counts, 7).mean() == pytest.approx(expected)


def test_the_spread_of_gini_over_users_is_that_of_fresh_samples() -> None:
    rng = np.random.default_rng(3)
    chances = np.arange(1, 41) / np.arange(1, 41).sum()

    def lists() -> np.ndarray:
        return np.stack([rng.choice(40, 5, replace=False, p=chances) for _ in range(200)]).astype(np.int32)

    counts = np.full(200, 5)
    fresh = np.std([gini(lists(), counts, 40) for _ in range(200)])
    assert gini_of_users(lists(), counts, 40).std() / np.sqrt(200) == pytest.approx(fresh, rel=0.25)


def test_lift_compares_lists_with_what_their_users_take() -> None:
    listed, taken = np.array([0.4, 0.2, np.nan, 0.9]), np.array([0.1, 0.2, 0.3, np.nan])
    lift = popularity_lift(listed, taken)
    assert np.nanmean(lift) == pytest.approx(0.6 / 0.3 - 1)
    assert np.isnan(lift[2:]).all()
    assert np.nanmean(popularity_lift(taken, taken)) == pytest.approx(0)
    assert np.isnan(popularity_lift(listed, np.full(4, np.nan))).all()


def test_more_popular_items_are_more_popular_and_have_less_of_the_tail() -> None:
    takers = np.array([8, 4, 1, 0])
    lists, counts = np.array([[0, 1], [1, 3]], dtype=np.int32), np.array([2, 2])
    assert average_popularity(lists, counts, takers, 8).tolist() == [0.75, 0.25]
    assert tail_share(lists, counts, popularity_bands(takers)).tolist() == [0, 0.5]
