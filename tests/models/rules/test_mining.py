import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.models.rules.baskets import Baskets, bounds_of
from slatewright.models.rules.mining import ItemSets, frequent_sets, least_count

from .brute_force import Counts, sets_by_hand

BASKETS = st.lists(st.sets(st.integers(0, 9), max_size=7), max_size=40)


def made(baskets: list[set[int]], n_items: int = 10) -> Baskets:
    flat = np.array([item for basket in baskets for item in basket], dtype=np.int32)
    return Baskets(bounds_of([len(basket) for basket in baskets]), flat, n_items)


def as_counts(sets: ItemSets) -> Counts:
    found = {
        frozenset(sets.items[start:stop].tolist()): int(count)
        for start, stop, count in zip(sets.offsets[:-1], sets.offsets[1:], sets.counts, strict=True)
    }
    assert len(found) == len(sets), "a set twice"
    return found


@settings(max_examples=60, deadline=None)
@given(baskets=BASKETS, support=st.floats(0.01, 1), longest=st.integers(1, 6))
def test_exactly_the_sets_that_counting_finds(baskets: list[set[int]], support: float, longest: int) -> None:
    expected = sets_by_hand(baskets, least_count(support, len(baskets)), longest)
    assert as_counts(frequent_sets(made(baskets), support, max_length=longest)) == expected


def test_many_baskets_and_little_room_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(0)
    baskets = [set(draw.choice(30, draw.integers(1, 9), replace=False).tolist()) for _ in range(3000)]
    monkeypatch.setattr("slatewright.models.rules.mining.ROOM", 2)
    monkeypatch.setattr("slatewright.core.chunks.LEAST_WORK", 1)
    assert as_counts(frequent_sets(made(baskets, 30), 0.004)) == sets_by_hand(baskets, 12)


def test_one_item_with_more_followers_than_rows() -> None:
    """200 items that are always together: levels need more rows than there were at first."""
    baskets = made([set(range(200))] * 70, 200)
    sets = frequent_sets(baskets, 0.5, max_length=3)
    assert len(sets) == 200 + 200 * 199 // 2 + 200 * 199 * 198 // 6
    assert set(sets.counts.tolist()) == {70}


def test_too_many_sets_are_refused_by_the_name_of_the_knob() -> None:
    with pytest.raises(BadInput, match=r"more than 1,000 sets .* raise min_support \(now 0.5\) or lower max_length"):
        frequent_sets(made([set(range(40))] * 3, 40), 0.5, most=1000)


def test_a_share_of_the_baskets_is_met_exactly() -> None:
    assert least_count(0.001, 9835) == 10
    assert least_count(0.1, 30) == 3
    assert least_count(1.0, 7) == 7
    assert least_count(0.001, 0) == 1


def test_no_baskets_have_no_sets() -> None:
    assert len(frequent_sets(made([]), 0.1)) == 0
    assert len(frequent_sets(made([set(), set()]), 0.1)) == 0


@settings(max_examples=40, deadline=None)
@given(baskets=BASKETS, worths=st.lists(st.integers(1, 255), min_size=40, max_size=40))
def test_baskets_that_do_not_count_alike(baskets: list[set[int]], worths: list[int]) -> None:
    plain = made(baskets)
    worth = np.array(worths[: len(baskets)], dtype=np.uint8)
    sets = frequent_sets(Baskets(plain.offsets, plain.items, plain.n_items, worth), 0.1)
    expected = {
        items: sum(one for basket, one in zip(baskets, worths, strict=False) if items <= basket)
        for items in sets_by_hand(baskets, least_count(0.1, len(baskets)))
    }
    assert as_counts(sets) == expected
    assert (sets.n_baskets, sets.unit) == (sum(worths[: len(baskets)]), 255)
