import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.sums import added_up


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(-2, 2)), max_size=40))
def test_it_is_what_a_dictionary_adds_up(pairs: list[tuple[int, int]]) -> None:
    wanted: dict[int, int] = {}
    for position, number in pairs:
        wanted[position] = wanted.get(position, 0) + number
    positions, numbers = ([pair[side] for pair in pairs] for side in (0, 1))
    distinct, sums = added_up(np.array(positions, dtype=np.int32), np.array(numbers, dtype=np.float32))
    assert dict(zip(distinct.tolist(), sums.tolist(), strict=True)) == {at: n for at, n in wanted.items() if n}
    assert (np.diff(distinct) > 0).all()
