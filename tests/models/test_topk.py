import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.models.topk import LOWEST, best_first, top_k


@given(st.integers(0, 7), st.integers(0, 300), st.integers(1, 400), st.integers(2, 40), st.integers(0, 2**32 - 1))
def test_the_k_best_are_those_of_a_full_sort_with_ties_by_position(
    n: int, m: int, k: int, levels: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, levels, (n, m)).astype(np.float32)  # few levels, many ties
    scores[rng.random((n, m)) < 0.2] = LOWEST
    positions, best, counts = top_k(scores, k)
    assert positions.shape == best.shape == (n, min(k, m))
    for row in range(n):
        order = np.lexsort((np.arange(m), -scores[row]))
        wanted = order[scores[row][order] > LOWEST][:k]
        assert counts[row] == len(wanted)
        np.testing.assert_array_equal(positions[row, : counts[row]], wanted)
        np.testing.assert_array_equal(best[row, : counts[row]], scores[row][wanted])


def test_many_rows_are_the_rows_one_by_one() -> None:
    scores = np.random.default_rng(0).standard_normal((300, 1000), dtype=np.float32)
    positions, best, _ = top_k(scores, 10)
    np.testing.assert_array_equal(positions, np.argsort(-scores, axis=1, kind="stable")[:, :10])
    np.testing.assert_array_equal(best, np.take_along_axis(scores, positions, axis=1))


@pytest.mark.parametrize("best_first", [True, False])
def test_columns_already_in_order(best_first: bool) -> None:
    scores = np.arange(1000, dtype=np.float32)[None, :: -1 if best_first else 1]
    positions, _, counts = top_k(np.ascontiguousarray(scores), 3)
    assert positions.tolist() == [[0, 1, 2] if best_first else [999, 998, 997]]
    assert counts.tolist() == [3]


def test_hidden_columns_are_blanked_and_those_beyond_the_last_mean_nothing() -> None:
    scores = np.tile(np.arange(5, dtype=np.float32), (3, 1))
    hidden = np.array([0, 2, 2, 4]), np.array([4, 1, 9, 3], dtype=np.int32)
    positions, _, counts = top_k(scores, 3, hidden)
    assert positions.tolist() == [[3, 2, 0], [4, 3, 2], [4, 2, 1]]
    assert counts.tolist() == [3, 3, 3]


@given(st.lists(st.floats(-3, 3, width=16), max_size=60), st.integers(0, 2**32 - 1))
def test_best_first_is_a_full_sort_with_ties_by_item(scores: list[float], seed: int) -> None:
    items = np.random.default_rng(seed).permutation(1000)[: len(scores)].astype(np.int32)
    given_scores = np.array(scores, dtype=np.float32)
    for order in (np.argsort(items), np.lexsort((items, -given_scores))):  # rising, and in order already
        np.testing.assert_array_equal(
            best_first(items[order], given_scores[order]), np.lexsort((items[order], -given_scores[order]))
        )
    np.testing.assert_array_equal(best_first(items, given_scores), np.lexsort((items, -given_scores)))
