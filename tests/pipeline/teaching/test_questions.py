from collections.abc import Sequence

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.pipeline import Lessons
from slatewright.pipeline.teaching.questions import Questions, later_visits

MINUTE = 60_000_000


def dataset(events: Sequence[tuple[str, str, int]], **knobs: float) -> Dataset:
    """Events as (user, item, minute)."""
    rows = {
        "user_id": [user for user, _, _ in events],
        "item_id": [item for _, item, _ in events],
        "time": [minute * MINUTE for _, _, minute in events],
        "kind": [item if item in knobs else "buy" for _, item, _ in events],
    }
    return dataset_of(pl.DataFrame(rows), weights=knobs)


def asked(found: Questions, known: Dataset) -> list[tuple[str, int, list[str], list[str]]]:
    """Each question as user, minute, history, answers."""
    histories = found.histories(known.histories(), 0, len(found))
    return [
        (
            known.users.name(int(found.users[at])),
            int(found.times[at]) // MINUTE,
            known.items.names_of(histories.items_of(at)).to_list(),
            known.items.names_of(found.items[found.offsets[at] : found.offsets[at + 1]]).to_list(),
        )
        for at in range(len(found))
    ]


def visits(known: Dataset, since: int, *, days: float | None = None, most: int = 100, each: str = "step") -> Questions:
    lessons = Lessons(horizon_days=days, n_questions=most, each=each)
    return later_visits(known, since * MINUTE, lessons, np.random.default_rng(0))


EVENTS = [("a", "x", 0), ("a", "y", 60), ("a", "z", 61), ("a", "w", 300), ("b", "x", 100), ("b", "y", 100)]


def test_every_later_step_of_a_known_user_is_a_question() -> None:
    known = dataset([*EVENTS, ("b", "w", 400), ("b", "z", 400)])
    assert asked(visits(known, 60), known) == [
        ("a", 60, ["x"], ["y", "z"]),
        ("a", 61, ["x", "y"], ["z"]),
        ("a", 300, ["x", "y", "z"], ["w"]),
        ("b", 400, ["x", "y"], ["w", "z"]),
    ]


def test_only_the_beginnings_of_visits_where_they_are_asked_for() -> None:
    known = dataset(EVENTS)
    assert asked(visits(known, 60, each="visit"), known) == [
        ("a", 60, ["x"], ["y", "z"]),
        ("a", 300, ["x", "y", "z"], ["w"]),
    ]


def test_before_since_nothing_is_asked_and_nobody_without_a_past() -> None:
    known = dataset(EVENTS)
    assert asked(visits(known, 62), known) == [("a", 300, ["x", "y", "z"], ["w"])]
    assert len(visits(known, 301)) == 0


def test_a_horizon_looks_beyond_the_visit() -> None:
    known = dataset(EVENTS)
    answers = [answer for _, _, _, answer in asked(visits(known, 60, days=240 / 1440), known)]
    assert answers == [["y", "z", "w"], ["z", "w"], ["w"]]
    assert asked(visits(known, 60, days=239 / 1440), known)[0][3] == ["y", "z"]


def test_what_weighs_nothing_is_no_answer() -> None:
    known = dataset([("a", "x", 0), ("a", "y", 60), ("a", "z", 61)])
    known.interactions.weight[1] = 0
    assert [answer for _, _, _, answer in asked(visits(known, 1), known)] == [["z"], ["z"]]


def test_so_many_are_drawn_and_the_same_again() -> None:
    known = dataset([("a", f"i{at}", 100 * at) for at in range(50)])
    first, second = visits(known, 1, most=7), visits(known, 1, most=7)
    assert len(first) == 7
    np.testing.assert_array_equal(first.times, second.times)
    assert (np.diff(first.times) > 0).all()


def test_no_events_no_questions() -> None:
    known = dataset([("a", "x", 0)])
    assert len(visits(known, 0)) == 0


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("uvwxyz"), st.integers(0, 200)), min_size=1, max_size=30),
    st.integers(0, 200),
    st.sampled_from([None, 0.01, 1.0]),
)
@settings(max_examples=20)
def test_a_history_ends_before_its_question_and_answers_begin_with_it(
    events: list[tuple[str, str, int]], since: int, days: float | None
) -> None:
    known = dataset(events)
    found = visits(known, since, days=days)
    histories = found.histories(known.histories(), 0, len(found))
    for at in range(len(found)):
        user, now = known.users.name(int(found.users[at])), int(found.times[at]) // MINUTE
        past = sorted((minute, item) for who, item, minute in events if who == user and minute < now)
        assert now >= since
        assert sorted(known.items.names_of(histories.items_of(at))) == sorted(item for _, item in past)
        answers = known.items.names_of(found.items[found.offsets[at] : found.offsets[at + 1]]).to_list()
        later = {item for who, item, minute in events if who == user and minute >= now}
        assert answers
        assert set(answers) <= later
