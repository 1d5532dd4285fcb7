import numpy as np

from slatewright.models.rules.bits import meet


def test_what_both_hold_is_written_and_counted() -> None:
    draw = np.random.default_rng(0)
    left, right = (draw.integers(0, 1 << 63, 9, dtype=np.uint64) * np.uint64(2) + np.uint64(1) for _ in range(2))
    both = np.zeros(9, np.uint64)
    assert meet(left, right, both) == sum(bin(int(word)).count("1") for word in left & right)
    np.testing.assert_array_equal(both, left & right)
