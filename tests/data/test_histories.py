import itertools
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.data.histories import NOBODY, Histories

LISTS = st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=6)


def test_defaults_are_weight_one_and_time_zero() -> None:
    histories = Histories.of([[2, 1], []])
    assert histories.weights.tolist() == [1.0, 1.0]
    assert histories.times.tolist() == [0, 0]
    assert histories.items_of(0).tolist() == [2, 1]
    assert histories.items_of(1).tolist() == []
    assert len(Histories.of([])) == 0


def test_weights_of_the_same_item_add_up() -> None:
    matrix = Histories.of([[3, 0, 3]], [[1.0, 2.0, 4.0]]).matrix(5)
    assert matrix.toarray().tolist() == [[2.0, 0.0, 0.0, 5.0, 0.0]]
    assert matrix.nnz == 2
    assert matrix.has_sorted_indices


@given(LISTS, st.data())
def test_take_takes_whole_histories_in_the_order_asked(lists: list[list[int]], data: st.DataObject) -> None:
    users = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=8))
    times = [[10 * user + at for at in range(len(one))] for user, one in enumerate(lists)]
    taken = Histories.of(lists, times=times).take(np.array(users, dtype=np.int32))
    assert [taken.items_of(at).tolist() for at in range(len(taken))] == [lists[user] for user in users]
    assert taken.times.tolist() == [time for user in users for time in times[user]]
    assert taken.lengths().tolist() == [len(lists[user]) for user in users]


def _known() -> Histories:
    """Two histories with everything told: u0 has 1 and 2, u1 has 0."""
    return Histories(
        np.array([0, 2, 3], dtype=np.int64),
        np.array([1, 2, 0], dtype=np.int32),
        np.array([1, 0.5, 2], dtype=np.float32),
        np.array([10, 20, 30], dtype=np.int64),
        np.array([4, 3, 1], dtype=np.float32),
        np.array([0, 1, 1], dtype=np.int8),
        ("rating", "view"),
        pl.DataFrame({"country": ["FR", "UK"]}),
    )


def _told(histories: Histories) -> list[list[tuple[int, float, float, str]]]:
    """(item, weight, value, kind) of each event of each history."""
    assert histories.values is not None
    assert histories.kinds is not None
    names = [histories.kind_names[kind] for kind in histories.kinds.tolist()]
    columns = (histories.items.tolist(), histories.weights.tolist(), histories.values.tolist(), names)
    rows = list(zip(*columns, strict=True))
    bounds = histories.offsets.tolist()
    return [rows[start:stop] for start, stop in itertools.pairwise(bounds)]


A, B, C = (1, 1.0, 4.0, "rating"), (2, 0.5, 3.0, "view"), (0, 2.0, 1.0, "view")


def test_values_kinds_and_facts_travel_with_their_events() -> None:
    known = _known()
    swapped = known.take(np.array([1, 0, 1], dtype=np.int32))
    assert _told(swapped) == [[C], [A, B], [C]]
    assert swapped.facts is not None
    assert swapped.facts["country"].to_list() == ["UK", "FR", "UK"]
    assert _told(known.one(1)) == [[C]]
    assert _told(known.only(known.of_kind("view"))) == [[B], [C]]
    assert known.rated().tolist() == [True, False, False]
    assert known.of_kind("purchase").tolist() == [False] * 3


@given(
    st.lists(st.lists(st.integers(0, 20), max_size=8), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 21)), max_size=10),
)
def test_the_first_event_from_an_instant_on(times: list[list[int]], asked: list[tuple[int, int]]) -> None:
    times = [sorted(one) for one in times]
    histories = Histories.of([[0] * len(one) for one in times], times=times)
    asked = [(owner % len(times), instant) for owner, instant in asked]
    owners = np.array([owner for owner, _ in asked], dtype=np.int32)
    found = histories.first_from(owners, np.array([instant for _, instant in asked], dtype=np.int64))
    before = [sum(time < instant for time in times[owner]) for owner, instant in asked]
    assert (found - histories.offsets[owners]).tolist() == before


def test_spreading_leaves_empty_histories_and_null_facts_for_the_absent() -> None:
    spread = _known().spread(np.array([False, True, False, True]))
    assert _told(spread) == [[], [A, B], [], [C]]
    assert spread.facts is not None
    assert spread.facts["country"].to_list() == [None, "FR", None, "UK"]


def test_end_to_end_keeps_what_every_part_has() -> None:
    known = _known()
    assert _told(Histories.end_to_end([known.one(1), known])) == [[C], [A, B], [C]]
    other = Histories.of([[1]], values=[[2.0]])
    both = Histories.end_to_end([other, known])
    assert both.kinds is None
    assert both.values is not None
    assert both.facts is not None
    assert both.values.tolist() == [2, 4, 3, 1]
    assert both.facts["country"].to_list() == [None, "FR", "UK"]
    assert len(Histories.end_to_end([])) == 0


def test_more_events_follow_and_fall_into_order() -> None:
    one, three = np.array([1], dtype=np.float32), np.array([3], dtype=np.float32)
    longer = _known().one(0).followed_by(
        np.array([5], dtype=np.int32), one, np.array([15], dtype=np.int64), values=three, kinds=["cart"]
    )  # fmt: skip
    assert _told(longer) == [[A, B, (5, 1.0, 3.0, "cart")]]
    assert _told(longer.in_order()) == [[A, (5, 1.0, 3.0, "cart"), B]]
    assert longer.facts is not None


def test_without_kinds_a_value_is_a_rating_and_every_kind_may_be_meant() -> None:
    plain = Histories.of([[1, 2]], values=[[5.0, 1.0]])
    assert plain.rated().all()
    assert plain.of_kind("purchase").all()
    assert not Histories.of([[1, 2]]).rated().any()


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_what_is_not_finite_is_refused_at_the_door(wrong: float) -> None:
    with pytest.raises(BadInput, match=r"Histories\.weights must be finite"):
        Histories.of([[1]], weights=[[wrong]])
    with pytest.raises(BadInput, match=r"Histories\.values must be finite"):
        Histories.of([[1]], values=[[wrong]])


def _owners(histories: Histories) -> list[int]:
    assert histories.owners is not None
    return [int(one) for one in histories.owners]


def test_owners_go_where_their_histories_go() -> None:
    owned = replace(Histories.of([[1, 2], [], [3]]), owners=np.array([4, 5, 6], dtype=np.int32))
    assert _owners(owned.one(2)) == [6]
    assert _owners(owned.take(np.array([2, 0], dtype=np.int32))) == [6, 4]
    assert _owners(owned.only(np.array([False, True, True]))) == [4, 5, 6]
    assert _owners(owned.in_order()) == [4, 5, 6]
    more = owned.one(0).followed_by(
        np.array([7], np.int32), np.ones(1, np.float32), np.ones(1, np.int64), values=np.ones(1, np.float32), kinds=[""]
    )
    assert _owners(more) == [4]
    assert _owners(owned.spread(np.array([True, False, True, True]))) == [4, NOBODY, 5, 6]


def test_who_is_not_known_owns_nothing_where_others_do() -> None:
    owned = replace(Histories.of([[1]]), owners=np.array([4], dtype=np.int32))
    assert _owners(Histories.end_to_end([Histories.of([[2], [3]]), owned])) == [NOBODY, NOBODY, 4]
    assert Histories.end_to_end([Histories.of([[2]])]).owners is None
