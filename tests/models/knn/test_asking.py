import numpy as np

from slatewright.models.knn.asking import mean_of_best, pairs_by_row, targets_of
from slatewright.models.knn.neighbors import Lists


def test_pairs_of_a_row_come_together() -> None:
    order, bounds = pairs_by_row(np.array([2, 0, 2], dtype=np.int32), 4)
    assert order.tolist() == [1, 0, 2]
    assert bounds.tolist() == [0, 1, 1, 3, 3]


def test_one_list_is_asked_of_all_or_each_has_its_own() -> None:
    none = np.empty(0, np.float32)
    shared = Lists(np.array([0, 2, 4]), np.array([7, 8], np.int32), none)
    assert targets_of(shared, 1).tolist() == [7, 8]
    own = Lists(np.array([0, 1, 3]), np.array([7, 8, 9], np.int32), none)
    assert targets_of(own, 1).tolist() == [8, 9]


def test_the_most_similar_speak() -> None:
    numbers, members = np.array([0.1, 0.5, 1.0], np.float32), np.array([0, 1, 2], np.int32)
    deviations, keys = np.array([9, 3, 0], np.float32), np.empty(3, np.uint64)
    assert mean_of_best(numbers, members, 3, 2, deviations, keys) == np.float32(1.0)
