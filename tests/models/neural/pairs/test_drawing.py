import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from slatewright.models.neural.pairs.drawing import Negatives, taken_pairs

TAKEN = sparse.csr_matrix(np.array([[1, 1, 0, 0, 0], [0, 0, 0, 0, 1], [1, 1, 1, 1, 1]], dtype=np.float32))


CELLS = st.lists(st.lists(st.booleans(), min_size=7, max_size=7), min_size=1, max_size=5)


@given(cells=CELLS, exponent=st.sampled_from([0.0, 0.7]), seed=st.integers(0, 99))
def test_what_a_user_took_is_no_negative_unless_everything_was_taken(
    cells: list[list[bool]], exponent: float, seed: int
) -> None:
    dense = np.array(cells)
    users = np.arange(len(dense), dtype=np.int32)
    negatives = Negatives.of(sparse.csr_matrix(dense.astype(np.float32)), exponent)
    drawn = negatives.drawn(users, 6, np.random.default_rng(seed))
    assert drawn.min() >= 0
    assert drawn.max() < 7
    np.testing.assert_array_equal(dense[users[:, None], drawn].any(axis=1), dense.all(axis=1))
    np.testing.assert_array_equal(negatives.any_left(users), ~dense.all(axis=1))


def test_long_lists_of_what_was_taken_hide_nothing_and_let_nothing_through() -> None:
    dense = np.random.default_rng(0).random((9, 400)) < np.linspace(0, 0.995, 9)[:, None]
    users = np.arange(9, dtype=np.int32)
    drawn = Negatives.of(sparse.csr_matrix(dense.astype(np.float32)), 0.0).drawn(users, 9000, np.random.default_rng(1))
    for user, items in enumerate(drawn):
        assert set(items.tolist()) == set(np.flatnonzero(~dense[user]).tolist())


def test_every_item_that_is_left_is_drawn_alike() -> None:
    drawn = Negatives.of(TAKEN, 0.0).drawn(np.array([0, 1], dtype=np.int32), 4000, np.random.default_rng(0))
    for own, left in zip(drawn, ([2, 3, 4], [0, 1, 2, 3]), strict=True):
        np.testing.assert_allclose(np.bincount(own, minlength=5)[left] / 4000, 1 / len(left), atol=0.04)


def test_popular_items_are_drawn_as_often_as_they_are_popular() -> None:
    matrix = sparse.csr_matrix((np.arange(40)[:, None] < np.array([40, 10, 20, 0])).astype(np.float32))
    negatives = Negatives.of(matrix, 0.5)
    expected = np.sqrt([40, 10, 20, 0.5])
    expected /= expected.sum()
    drawn = negatives.shared(20_000, np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 20_000, expected, atol=0.02)
    np.testing.assert_allclose(np.exp(negatives.log_chances), expected, rtol=1e-5)


@given(cells=st.lists(st.booleans(), min_size=24, max_size=24), items=st.lists(st.integers(0, 5), max_size=8))
def test_what_is_free_is_what_was_not_taken(cells: list[bool], items: list[int]) -> None:
    dense = np.array(cells).reshape(4, 6)
    negatives = Negatives.of(sparse.csr_matrix(dense.astype(np.float32)), 0.0)
    users, asked = np.array([3, 0, 3], dtype=np.int32), np.array(items, dtype=np.int32)
    expected = ~dense[np.ix_(users, asked)]
    np.testing.assert_array_equal(negatives.free_of_all(users, asked), expected)
    np.testing.assert_array_equal(negatives.free(users, np.tile(asked, (3, 1))), expected)


def test_only_weights_above_nothing_teach_and_their_mean_is_one() -> None:
    matrix = sparse.csr_matrix(np.array([[0, 2, -1], [6, 0, 0]], dtype=np.float32))
    taken, users, weights = taken_pairs(matrix)
    assert taken.indices.tolist() == [1, 0]
    assert users.tolist() == [0, 1]
    assert weights.tolist() == [0.5, 1.5]
