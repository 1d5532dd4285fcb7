import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.pipeline.sources.best import best, best_of


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 50))
def test_best_is_a_sort_cut_short(values: list[int], limit: int) -> None:
    scores = np.array(values, dtype=np.float32)
    proposal = best(scores, limit)
    assert list(proposal.items) == sorted(range(len(values)), key=lambda item: (-values[item], item))[:limit]
    assert list(proposal.scores) == [values[item] for item in proposal.items]


@given(st.integers(0, 6), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_most_of_a_long_array_is_looked_at_by_its_chunks_alone(levels: int, limit: int, seed: int) -> None:
    scores = np.random.default_rng(seed).integers(-levels, levels + 1, 1500).astype(np.float32)  # few levels, many ties
    proposal = best(scores, limit)
    np.testing.assert_array_equal(proposal.items, np.lexsort((np.arange(1500), -scores))[:limit])
    np.testing.assert_array_equal(proposal.scores, scores[proposal.items])


def test_some_items_are_cut_to_the_best_of_them() -> None:
    items, scores = np.array([9, 4, 7, 1], dtype=np.int32), np.array([2, 3, 3, 1], dtype=np.float32)
    assert best_of(items, scores, 1).items.tolist() == [4]
    assert best_of(items, scores, 9).items.tolist() == [4, 7, 9, 1]
