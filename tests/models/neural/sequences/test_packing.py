"""Packed rows: every event is asked for once, after the events before it; nothing is lost and little room is empty."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.data.histories import Histories
from slatewright.models.neural.sequences.packing import Pieces, Rows

START = 99
LISTS = st.lists(st.lists(st.integers(0, 50), max_size=17), max_size=12)


def all_rows(pieces: Pieces) -> Rows:
    return pieces.rows(np.arange(len(pieces)), START, len(pieces))


def read_back(rows: Rows) -> list[tuple[list[int], list[int], list[int]]]:
    """Items, targets and places of every sequence."""
    found: list[tuple[list[int], list[int], list[int]]] = []
    for row in range(len(rows.items)):
        for segment in range(1, rows.segments[row].max(initial=0) + 1):
            mine = rows.segments[row] == segment
            items, targets, places = (part[row][mine].tolist() for part in (rows.items, rows.targets, rows.places))
            found.append((items, targets, places))
    return found


def test_a_short_history_follows_the_start_token_and_a_long_one_is_cut_from_its_end() -> None:
    rows = all_rows(Pieces.to_learn(Histories.of([[1, 2, 3, 4, 5, 6, 7], [8]]), 3))
    assert sorted(read_back(rows)) == [
        ([1, 2, 3], [2, 3, 4], [0, 1, 2]),
        ([4, 5, 6], [5, 6, 7], [0, 1, 2]),
        ([START], [1], [0]),
        ([START], [8], [0]),
    ]


@given(LISTS, st.integers(2, 9))
def test_each_event_is_asked_for_once_after_what_came_before_it(lists: list[list[int]], length: int) -> None:
    rows = all_rows(Pieces.to_learn(Histories.of(lists), length))
    asked = []
    for items, targets, places in read_back(rows):
        assert places == list(range(len(items)))
        assert items[1:] == targets[:-1]
        asked.extend(targets)
    assert sorted(asked) == sorted(item for one in lists for item in one)
    assert int((rows.weights > 0).sum()) == len(asked)


@given(LISTS, st.integers(2, 9))
def test_the_place_that_answers_reads_the_latest_events(lists: list[list[int]], length: int) -> None:
    pieces = Pieces.to_read(Histories.of(lists), length)
    rows, (row, column) = all_rows(pieces), pieces.ends()
    for at, events in enumerate(lists):
        mine = rows.segments[row[at]] == rows.segments[row[at], column[at]]
        assert rows.items[row[at]][mine].tolist() == ([START, *events] if len(events) < length else events[-length:])
        assert column[at] == np.flatnonzero(mine)[-1]


def test_rows_are_nearly_full() -> None:
    rng = np.random.default_rng(0)
    lengths = rng.geometric(0.1, 3000)
    pieces = Pieces.to_learn(Histories.of([[1] * n for n in lengths]), 50)
    assert lengths.sum() > 0.98 * len(pieces) * 50


def test_what_weighs_more_is_asked_for_with_more_weight() -> None:
    rows = all_rows(Pieces.to_learn(Histories.of([[4, 5]], weights=[[0.5, 2]]), 4))
    assert rows.targets[0].tolist() == [4, 5, 0, 0]
    assert rows.weights[0].tolist() == [0.5, 2, 0, 0]


@pytest.mark.parametrize("lists", [[], [[]], [[], []]])
def test_no_events_are_no_rows_to_learn(lists: list[list[int]]) -> None:
    assert len(Pieces.to_learn(Histories.of(lists), 4)) == 0
