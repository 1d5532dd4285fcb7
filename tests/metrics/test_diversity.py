"""Diversity within a list, against every pair counted one by one."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_distances

from slatewright.core.errors import BadInput
from slatewright.metrics.diversity import diversity_of_categories, diversity_of_vectors


def shelves(*sets: set[int]) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.cumsum([0] + [len(one) for one in sets]).astype(np.int64)
    return offsets, np.array([c for one in sets for c in sorted(one)], dtype=np.int32)


def test_by_hand() -> None:
    offsets, categories = shelves({0}, {0}, {0, 1}, {2}, set())
    lists = np.array([[0, 1, 9], [0, 2, 9], [0, 3, 1], [0, 4, 9]], dtype=np.int32)
    found = diversity_of_categories(lists, np.array([2, 2, 3, 2]), offsets, categories)
    assert found == pytest.approx([0, 1 / 2, 2 / 3, np.nan], nan_ok=True)


@given(st.lists(st.sets(st.integers(0, 5)), min_size=2, max_size=6), st.integers(0, 6))
def test_it_is_the_mean_of_all_pairs(sets: list[set[int]], size: int) -> None:
    size = min(size, len(sets))
    pairs = [1 - len(a & b) / len(a | b) for a, b in combinations(sets[:size], 2) if a and b]
    found = diversity_of_categories(np.arange(len(sets), dtype=np.int32)[None], np.array([size]), *shelves(*sets))
    assert found == pytest.approx([np.mean(pairs) if pairs else np.nan], nan_ok=True)


@given(st.lists(st.integers(-1, 4), min_size=2, max_size=8))
def test_items_of_one_category_each_are_counted_the_same(chosen: list[int]) -> None:
    sets = [{one} if one >= 0 else set() for one in chosen]
    pairs = [float(a != b) for a, b in combinations(sets, 2) if a and b]
    lists = np.arange(len(sets), dtype=np.int32)[None]
    found = diversity_of_categories(lists, np.array([len(sets)]), *shelves(*sets))
    assert found == pytest.approx([np.mean(pairs) if pairs else np.nan], nan_ok=True)


def test_vectors_as_scikit_learn_has_them() -> None:
    vectors = np.random.default_rng(2).normal(size=(9, 4))
    distances = cosine_distances(vectors)[:6, :6][np.triu_indices(6, 1)]
    found = diversity_of_vectors(np.arange(6, dtype=np.int32)[None], np.array([6]), vectors)
    assert found == pytest.approx([distances.mean()])


def test_vectors_that_point_the_same_way_are_no_diversity_and_an_unknown_item_is_in_no_pair() -> None:
    vectors = np.array([[1, 0], [2, 0], [0, 3], [0, 0]], dtype=np.float32)
    lists = np.array([[0, 1], [0, 2], [0, 3]], dtype=np.int32)
    assert diversity_of_vectors(lists, np.array([2, 2, 2]), vectors) == pytest.approx([0, 1, np.nan], nan_ok=True)


def test_unknown_items_are_refused() -> None:
    with pytest.raises(BadInput, match="among the 2 that are known"):
        diversity_of_vectors(np.array([[0, 2]], dtype=np.int32), np.array([2]), np.ones((2, 2)))
    with pytest.raises(BadInput, match="among the 1 that are known"):
        diversity_of_categories(np.array([[-1]], dtype=np.int32), np.array([1]), *shelves({1}))
