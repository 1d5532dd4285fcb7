import numpy as np

from slatewright.models.rules.bits import meet, weigh


def test_what_both_hold_is_written_and_counted() -> None:
    draw = np.random.default_rng(0)
    left, right = (draw.integers(0, 1 << 63, 9, dtype=np.uint64) * np.uint64(2) + np.uint64(1) for _ in range(2))
    both = np.zeros(9, np.uint64)
    assert meet(left, right, both) == sum(bin(int(word)).count("1") for word in left & right)
    np.testing.assert_array_equal(both, left & right)


def test_rows_are_weighed_plane_by_plane() -> None:
    held = np.array([0b1011], np.uint64)
    planes = np.array([[0b0011], [0b0001], [0b1000], [0], [0], [0], [0], [0b0010]], np.uint64)
    assert weigh(held, planes) == (1 + 2) + (1 + 128) + 4  # the baskets are worth 3, 129 and 4
