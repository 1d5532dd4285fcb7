"""Live histories: idempotent, ordered, bounded, safe for threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.errors import BadKnob
from slatewright.data.showings import MOST_SHOWN
from slatewright.events.records import Impression, Interaction
from slatewright.features.live import LiveHistories, LiveLimits, LiveShown, Sight, sights


def event(name: str, user: str = "u", time: int = 0, item: str = "i") -> Interaction:
    return Interaction(name, user, item, "view", time)


def names(live: LiveHistories, user: str = "u") -> list[str]:
    return [one.event_id for one in live.read(user)]


def test_events_stand_oldest_first_however_they_arrive() -> None:
    live = LiveHistories()
    live.apply([event("c", time=3), event("a", time=1)])
    live.apply([event("b", time=2), event("x", user="v", time=9)])
    assert names(live) == ["a", "b", "c"]
    assert names(live, "v") == ["x"]
    assert names(live, "nobody") == []
    assert (len(live), live.users) == (4, 2)


def test_an_event_applied_twice_counts_once() -> None:
    live = LiveHistories()
    live.apply([event("a"), event("a")])
    live.apply([event("a")])
    assert names(live) == ["a"]
    assert len(live) == 1


def test_one_user_keeps_the_newest() -> None:
    live = LiveHistories(LiveLimits(max_events_per_user=2))
    live.apply([event(str(at), time=at) for at in range(5)])
    assert names(live) == ["3", "4"]
    live.apply([event("old", time=0)])
    assert names(live) == ["3", "4"]
    assert len(live) == 2


def test_the_least_recently_active_user_goes_first() -> None:
    live = LiveHistories(LiveLimits(max_events=3))
    live.apply([event("a", user="first")])
    live.apply([event("b", user="second")])
    live.apply([event("c", user="first")])
    live.apply([event("d", user="third")])
    assert names(live, "second") == []
    assert names(live, "first") == ["a", "c"]
    assert len(live) == 3


def test_a_user_alone_may_be_larger_than_the_limit_of_all() -> None:
    live = LiveHistories(LiveLimits(max_events=1, max_events_per_user=10))
    live.apply([event(str(at), time=at) for at in range(4)])
    assert len(names(live)) == 4


def test_forgetting_drops_what_is_older() -> None:
    live = LiveHistories()
    live.apply([event("a", time=1), event("b", time=2), event("c", user="v", time=1)])
    live.forget(2)
    assert names(live) == ["b"]
    assert (len(live), live.users) == (1, 1)


def test_limits_are_checked_at_the_door() -> None:
    with pytest.raises(BadKnob, match=r"LiveLimits\.max_events must be >= 1, got 0"):
        LiveLimits(max_events=0)


@given(st.lists(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3), st.integers(0, 9)), max_size=6), max_size=12))
def test_the_count_is_always_what_is_held(batches: list[list[tuple[int, int, int]]]) -> None:
    live = LiveHistories(LiveLimits(max_events=10, max_events_per_user=4))
    for batch in batches:
        live.apply([event(str(name), user=str(user), time=time) for name, user, time in batch])
        assert len(live) == sum(len(names(live, str(user))) for user in range(4)) <= 10
        assert all(len(names(live, str(user))) <= 4 for user in range(4))


def test_threads_lose_nothing() -> None:
    live = LiveHistories()

    def work(worker: int) -> None:
        for at in range(50):
            live.apply([event(f"{worker}-{at}", user=str(at % 7), time=at)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(live) == 400 == sum(len(names(live, str(user))) for user in range(7))


def sight(name: str, *items: str, user: str = "u", time: int = 0) -> Sight:
    return Sight.of(name, user, time, items)


def test_slates_are_bounded_by_their_items() -> None:
    live = LiveShown(LiveLimits(max_events=8, max_events_per_user=4))
    live.apply([sight("a", "1", "2", "3", time=1), sight("b", "4", "5", "6", time=2), sight("c", "7", "8", time=3)])
    assert [one.event_id for one in live.read("u")] == ["b", "c"]  # the newest that hold four items, or a few more
    assert len(live) == 5
    live.apply([sight("d", "1", "2", user="v"), sight("e", "1", "2", user="w")])
    assert [one.event_id for one in live.read("u")] == []
    assert len(live) == 4
    live.apply([sight("a", "1", user="w"), sight("a", "1", user="w")])
    assert len(live) == 5
    live.forget(before=1)
    assert len(live) == 0


def test_slates_of_visitors_without_a_name_are_left_out_and_long_ones_cut() -> None:
    long = tuple(str(at) for at in range(MOST_SHOWN + 5))
    found = list(sights([Impression("1", "s", None, ("a",), 1), Impression("2", "t", "u", long, 2)]))
    assert [(one.event_id, one.user_id, one.time, len(one.item_ids)) for one in found] == [("2", "u", 2, MOST_SHOWN)]
