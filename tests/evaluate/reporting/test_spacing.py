from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.evaluate.reporting.spacing import apart


def test_labels_that_are_apart_stay_where_they_are() -> None:
    assert apart([0.9, 0.1, 0.5], 0.2) == pytest.approx([0.9, 0.1, 0.5])


def test_two_that_collide_share_the_way() -> None:
    assert apart([0.5, 0.5], 0.1) == pytest.approx([0.45, 0.55])


@given(st.lists(st.floats(-1, 2), max_size=12))
def test_all_are_apart_in_their_order_and_on_the_whole_unmoved(wanted: list[float]) -> None:
    places = apart(wanted, 0.08)
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    gaps = [places[b] - places[a] for a, b in pairwise(order)]
    assert all(gap >= 0.08 - 1e-9 for gap in gaps)
    assert sum(places) == pytest.approx(sum(wanted), abs=1e-9)
