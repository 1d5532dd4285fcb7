import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.membership import among

positions = st.lists(st.integers(0, 199), max_size=80)


@given(positions, positions)
def test_it_is_what_a_set_says(asked: list[int], some: list[int]) -> None:
    found = among(np.array(asked, dtype=np.int32), np.array(some, dtype=np.int32), 200)
    assert found.dtype == np.bool_
    assert found.tolist() == [one in set(some) for one in asked]
