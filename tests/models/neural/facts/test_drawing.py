import numpy as np
from scipy import sparse

from slatewright.models.neural.facts.drawing import dealt_in_full, latest_items, other_items

TAKEN = sparse.csr_matrix(np.array([[1, 1, 1, 0, 0], [0, 0, 0, 1, 0], [1, 1, 1, 1, 1]], np.float32))


def test_short_histories_are_all_but_the_item_asked_about() -> None:
    users, items = np.array([0, 1, 2], np.int32), np.array([1, 3, 0], np.int32)
    found, shares = other_items(TAKEN, users, items, 4, np.random.default_rng(0))
    assert found.tolist() == [[0, 2, 0, 0], [0, 0, 0, 0], [1, 2, 3, 4]]
    assert shares.tolist() == [[0.5, 0.5, 0, 0], [0, 0, 0, 0], [0.25] * 4]


def test_of_long_histories_each_other_item_is_drawn_alike() -> None:
    n = 20_000
    found, shares = other_items(TAKEN, np.full(n, 2, np.int32), np.full(n, 4, np.int32), 2, np.random.default_rng(0))
    often = np.bincount(found[shares > 0], minlength=5) / (shares > 0).sum()
    np.testing.assert_allclose(often, [0.25, 0.25, 0.25, 0.25, 0], atol=0.02)
    assert set(np.round(shares.sum(axis=1), 6).tolist()) == {0.0, 1.0}  # twice the item itself: nothing else was drawn


def test_the_latest_items_of_histories() -> None:
    found, shares = latest_items(np.array([0, 3, 3, 4]), np.array([5, 6, 7, 8], np.int32), 2)
    assert found.tolist() == [[6, 7], [0, 0], [8, 0]]
    assert shares.tolist() == [[0.5, 0.5], [0, 0], [1, 0]]
    assert latest_items(np.array([0, 0]), np.empty(0, np.int32), 2)[0].tolist() == [[0, 0]]


def test_batches_are_full_however_few_samples_there_are() -> None:
    for n in (0, 3, 8, 13):
        dealt = list(dealt_in_full(n, 8, np.random.default_rng(0)))
        assert {len(at) for at, _ in dealt} <= {8}
        assert sorted(int(one) for at, shares in dealt for one in at[shares > 0]) == list(range(n))
