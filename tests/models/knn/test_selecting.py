import numpy as np
import pytest

from slatewright.models.knn.selecting import cut


@pytest.mark.parametrize("wanted", [1, 5, 99, 200, 1000])
def test_the_best_are_kept_ties_by_member_and_the_worst_of_them_stands_last(wanted: int) -> None:
    rng = np.random.default_rng(wanted)
    numbers = rng.integers(1, 20, 200).astype(np.float32) / 7
    members = rng.permutation(5000)[:200].astype(np.int32)
    best = np.lexsort((members, -numbers))[:wanted]
    expected = list(zip(numbers[best].tolist(), members[best].tolist(), strict=True))
    cut(numbers, members, 200, wanted, np.empty(200, np.uint64))
    kept = list(zip(numbers[:wanted].tolist(), members[:wanted].tolist(), strict=True))
    assert sorted(kept) == sorted(expected)
    if wanted < 200:
        assert kept[-1] == expected[-1]
