"""Lessons: what teaches, what judges, and that neither knows the other."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.models.neural.updating.lesson import Lesson

from .worlds import SINCE, events, recent, town

ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8), st.integers(SINCE - 5, SINCE + 5)), min_size=1)


@settings(max_examples=30)
@given(rows=ROWS, share=st.sampled_from([0.0, 0.3, 0.9]), whole=st.booleans())
def test_what_judges_does_not_teach(rows: list[tuple[int, int, int]], share: float, whole: bool) -> None:
    dataset, rng = town(events(*np.array(rows).T)), np.random.default_rng(0)
    lesson = Lesson.of(dataset, SINCE, 0.9, rng).replaying(share, rng, whole_users=whole)
    held = len(lesson.older.items) + len(lesson.newer.items)
    assert len(lesson.histories.items) + held == len(dataset.interactions)
    assert not (lesson.recent & lesson.replayed).any()
    assert (lesson.histories.times[lesson.recent] >= SINCE).all()
    older = int((~lesson.recent).sum())
    assert lesson.replayed.sum() == min(older, round(int(lesson.recent.sum()) * share / (1 - share)))
    assert (lesson.older.histories.times < SINCE).all()
    assert (lesson.older.histories.lengths() > 0).all()
    assert (lesson.newer.histories.lengths() > 0).all()
    assert not lesson.later.toarray()[lesson.older.histories.owners, lesson.older.items].any()  # nor is it taken again


def test_whole_users_are_replayed() -> None:
    dataset = town(events(np.repeat(np.arange(9), 6), np.tile(np.arange(6), 9), np.tile([1, 2, 3, 4, 5, SINCE], 9)))
    rng = np.random.default_rng(0)
    lesson = Lesson.of(dataset, SINCE, 0.0, rng).replaying(0.5, rng, whole_users=True)
    assert sorted(np.bincount(lesson.owners[lesson.replayed], minlength=9)) == [0] * 7 + [4, 5]


def test_what_was_taken_later_does_not_stand_before() -> None:
    dataset = town(recent(4, 8), events(np.zeros(2, dtype=int), np.arange(2), np.arange(2)))
    lesson = Lesson.of(dataset, SINCE, 0.0, np.random.default_rng(0))
    scores = lesson.without_later(lambda some: np.ones((len(some), dataset.n_items), dtype=np.float32))
    hidden = scores(lesson.histories) < 0
    np.testing.assert_array_equal(hidden, lesson.later.toarray() > 0)
    assert hidden.any()
    assert not hidden.all()
