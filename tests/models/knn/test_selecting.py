import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.arrays import Array
from slatewright.models.knn.selecting import best_of, cut, room_for


def pairs(numbers: Array, members: Array) -> list[tuple[float, int]]:
    return list(zip(numbers.tolist(), members.tolist(), strict=True))


@pytest.mark.parametrize("wanted", [1, 5, 99, 200, 1000])
def test_the_best_are_kept_ties_by_member_and_the_worst_of_them_stands_last(wanted: int) -> None:
    rng = np.random.default_rng(wanted)
    numbers = rng.integers(1, 20, 200).astype(np.float32) / 7
    members = rng.permutation(5000)[:200].astype(np.int32)
    best = np.lexsort((members, -numbers))[:wanted]
    expected = pairs(numbers[best], members[best])
    cut(numbers, members, 200, wanted, np.empty(200, np.uint64))
    kept = pairs(numbers[:wanted], members[:wanted])
    assert sorted(kept) == sorted(expected)
    if wanted < 200:
        assert kept[-1] == expected[-1]


@given(
    seed=st.integers(0, 1000),
    size=st.integers(0, 600),
    wanted=st.integers(1, 80),
    levels=st.sampled_from([1, 3, 40, 100_000]),
    lowest=st.sampled_from([-1.0, 0.0, 1e-6]),
)
def test_the_best_of_many_are_those_of_a_full_sort(
    seed: int, size: int, wanted: int, levels: int, lowest: float
) -> None:
    rng = np.random.default_rng(seed)
    found = (lowest + (1 - lowest) * rng.integers(0, levels, size) / levels).astype(np.float32)
    others = rng.permutation(10_000)[:size].astype(np.int32)
    best = np.lexsort((others, -found))[:wanted]
    best = best[found[best] > 0]
    numbers, members = np.empty(wanted, np.float32), np.empty(wanted, np.int32)
    count = best_of(others, found, size, wanted, room_for(size), numbers, members)
    assert sorted(pairs(numbers[:count], members[:count])) == sorted(pairs(found[best], others[best]))
