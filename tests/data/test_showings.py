import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.showings import MOST_SHOWN, SHOWN_SINCE, Showings

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 9)), max_size=20)


def of(rows: list[tuple[int, int, int]], n: int = 4) -> Showings:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Showings.of(columns[0].astype(np.int32), columns[1].astype(np.int32), columns[2], n)


def pairs(showings: Showings) -> list[tuple[int, int]]:
    return list(zip(showings.items.tolist(), showings.times.tolist(), strict=True))


@given(ROWS)
def test_each_user_has_what_was_shown_in_the_order_of_time(rows: list[tuple[int, int, int]]) -> None:
    showings = of(rows)
    assert len(showings) == 4
    for user in range(4):
        wanted = sorted([(time, item) for owner, item, time in rows if owner == user])
        assert pairs(showings.one(user)) == [(item, time) for time, item in wanted]
    picked = np.array([2, 0, 2])
    taken = showings.take(picked)
    for place, user in enumerate(picked.tolist()):
        assert pairs(taken.one(place)) == pairs(showings.one(user))
    both = Showings.end_to_end([showings, Showings.nothing(2), taken])
    assert len(both) == 9
    assert pairs(both.one(8)) == pairs(showings.one(2))
    spread = taken.spread(np.array([False, True, True, False, True]))
    assert [pairs(spread.one(at)) for at in range(5)] == [[], *(pairs(taken.one(at)) for at in (0, 1)), [],
                                                          pairs(taken.one(2))]  # fmt: skip


def test_no_user_at_all() -> None:
    assert len(Showings.end_to_end([])) == len(Showings.nothing(0)) == 0


def test_an_instant_ends_it_and_only_the_last_month_counts() -> None:
    shown = of([(0, 1, 0), (0, 2, 5), (0, 3, SHOWN_SINCE), (0, 4, SHOWN_SINCE + 5)], 1)
    assert pairs(shown.until(np.array([5]))) == [(1, 0)]
    assert shown.lately(SHOWN_SINCE + 5).items.tolist() == [2, 3, 4]
    many = of([(0, at % 5, at) for at in range(MOST_SHOWN + 3)], 1)
    assert many.lately(MOST_SHOWN + 3).times.tolist() == list(range(3, MOST_SHOWN + 3))


def test_what_is_there_already_is_not_added() -> None:
    shown = of([(0, 1, 10), (0, 2, 30)], 1)
    more = shown.followed_by(np.array([2, 1, 5, 5]), np.array([30, 20, 40, 40]))
    assert pairs(more) == [(1, 10), (1, 20), (2, 30), (5, 40)]
    assert shown.followed_by(np.array([1]), np.array([10])) is shown


@given(ROWS, st.lists(st.integers(0, 11), min_size=4, max_size=4))
def test_each_user_has_an_instant_of_its_own(rows: list[tuple[int, int, int]], instants: list[int]) -> None:
    found = of(rows).until(np.array(instants))
    for user, instant in enumerate(instants):
        assert pairs(found.one(user)) == [pair for pair in pairs(of(rows).one(user)) if pair[1] < instant]


def test_before_an_instant_what_would_have_counted_then() -> None:
    many = of([(user, at % 5, at) for at in range(2 * MOST_SHOWN) for user in (0, 1)], 2)
    found = many.until(np.array([MOST_SHOWN + 10, 3]))
    assert found.one(0).times.tolist() == list(range(10, MOST_SHOWN + 10))
    assert found.one(1).times.tolist() == [0, 1, 2]
    old = of([(0, 1, 0), (0, 1, 5)], 1)
    assert old.until(np.array([SHOWN_SINCE + 5])).times.tolist() == [5]


def test_what_came_at_once_or_later_answers() -> None:
    shown = of([(0, 1, 10), (0, 2, 10), (0, 1, 20), (0, 3, 30)], 1)
    answered = np.array([1, 3, 2, 7, 2], dtype=np.int32), np.array([10, 29, 3, 40, 9])
    assert shown.unanswered(*answered).tolist() == [False, True, True, True]
    assert shown.unanswered(answered[0][:0], answered[1][:0]).all()
    assert Showings.nothing().unanswered(*answered).tolist() == []
