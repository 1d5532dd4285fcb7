import numpy as np

from slatewright.models.rules.subsets import find, hash_table, number_of


def test_every_set_is_found_under_its_items() -> None:
    sets = [[0], [1], [7], [0, 1], [0, 7], [0, 1, 7]]
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in sets])]).astype(np.int64)
    items = np.array([item for one in sets for item in one], np.int32)
    table, hashes = hash_table(offsets, items)
    for at, one in enumerate(sets):
        assert find(np.array(one, np.int32), len(one), hashes[at], table, offsets, items, hashes) == at


def test_two_sets_of_one_hash_are_told_apart() -> None:
    offsets, items = np.array([0, 1, 2], np.int64), np.array([4, 9], np.int32)
    hashes, table = np.array([5, 5], np.uint64), np.array([0, 2, 1, 0], np.int64)
    assert find(np.array([4], np.int32), 1, np.uint64(5), table, offsets, items, hashes) == 0
    assert find(np.array([9], np.int32), 1, np.uint64(5), table, offsets, items, hashes) == 1


def test_numbers_are_those_of_splitmix64() -> None:
    assert number_of(0) == 0xE220A8397B1DCDAF  # the first number from the seed 0
    assert len({int(number_of(item)) for item in range(1000)}) == 1000
