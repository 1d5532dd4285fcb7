import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.arrays import Frame
from slatewright.data import slates as module
from slatewright.data.idmap import IdMap
from slatewright.data.showings import MOST_SHOWN, SHOWN_SINCE
from slatewright.data.slates import Slates, rows_of, showings
from slatewright.events.log import EventLog
from slatewright.events.schema import conform

USERS, ITEMS = IdMap.of(["u", "v"]), IdMap.of(["a", "b", "c"])
COLUMNS = ("slate_id", "user_id", "item_ids")


def table(*rows: tuple[str | None, tuple[str, ...], int]) -> Frame:
    columns = {"user_id": [user for user, _, _ in rows], "time": [time for *_, time in rows]}
    frame = pl.DataFrame(columns, schema={"user_id": pl.String, "time": pl.Int64})
    return frame.with_columns(
        item_ids=pl.Series([list(items) for _, items, _ in rows], dtype=pl.List(pl.String)),
        slate_id=pl.Series([f"s{at}" for at in range(len(rows))], dtype=pl.String),
        event_id=pl.Series([f"e{at}" for at in range(len(rows))], dtype=pl.String),
    )


@given(st.lists(st.integers(0, 60), max_size=30), st.integers(1, 5), st.booleans())
def test_windows_hold_few_and_together_all_of_a_time(times: list[int], rows: int, newest_first: bool) -> None:
    slates = Slates.of(table(*(("u", ("a",), time) for time in times)), rows)
    windows = list(slates.windows(COLUMNS, None, 50, newest_first=newest_first))
    found = [sorted(window.slates["time"].to_list()) for window in windows]
    in_turn = found[::-1] if newest_first else found
    assert [time for some in in_turn for time in some] == sorted(time for time in times if time < 50)
    assert all(len(some) <= rows or len(set(some)) == 1 for some in found)
    assert all(some[-1] < window.end for some, window in zip(found, windows, strict=True))
    part = [time for window in slates.windows((), 10, 20) for time in window.slates["time"].to_list()]
    assert sorted(part) == sorted(time for time in times if 10 <= time < 20)


def test_a_log_is_read_as_frames_are(tmp_path: object) -> None:
    frame = table(("u", ("a", "b"), 5), (None, ("c",), 7), ("w", ("a",), 9))
    log = EventLog(tmp_path)  # type: ignore[arg-type]
    log.append("impressions", conform(frame, "impressions"))
    of_log = Slates(lambda since, before: log.scan("impressions", since=since, before=before))
    for slates in (Slates.of(frame), of_log):
        (window,) = slates.windows(COLUMNS, None, 9)
        assert window.slates.select("slate_id", "time").sort("time").rows() == [("s0", 5), ("s1", 7)]
    assert list(Slates.of(frame.clear()).windows(COLUMNS, None, 9)) == []


def test_strangers_are_told_apart() -> None:
    rows = rows_of(table(("u", ("a", "who", "b"), 5), (None, ("c", "a"), 7), ("w", ("a",), 9), ("w", ("b",), 9),
                         (None, ("a",), 7)), USERS, ITEMS)  # fmt: skip
    assert rows.items.tolist() == [0, 1, 2, 0, 0, 1, 0]
    assert rows.times.tolist() == [5, 5, 7, 7, 9, 9, 7]
    assert rows.users[:2].tolist() == [0, 0]
    first, _, named, again, second = rows.users[2:].tolist()
    assert max(first, named, second) < 0
    assert named == again
    assert len({first, named, second}) == 3


def test_users_have_what_they_were_shown_lately() -> None:
    now = SHOWN_SINCE + 100
    frame = table(("u", ("a", "b"), 150), ("u", ("c",), 99), ("w", ("a",), 160), ("u", ("a",), 140), ("v", ("c",), now))
    for rows in (1, 100):
        found = showings(Slates.of(frame, rows), USERS, ITEMS, 0, now)
        assert found.one(0).items.tolist() == [0, 0, 1]
        assert found.one(0).times.tolist() == [140, 150, 150]
        assert found.one(1).items.tolist() == []


@given(st.lists(st.tuples(st.sampled_from(["u", "v", "w"]), st.integers(0, 50)), max_size=40), st.integers(1, 9))
def test_windows_make_no_difference(rows: list[tuple[str, int]], most: int) -> None:
    frame = table(*((user, ("a", "b"), time) for user, time in rows))
    whole, split = (showings(Slates.of(frame, size), USERS, ITEMS, 0, 60) for size in (100, most))
    np.testing.assert_array_equal(whole.items, split.items)
    np.testing.assert_array_equal(whole.times, split.times)
    np.testing.assert_array_equal(whole.offsets, split.offsets)


def test_the_newest_are_kept_of_a_user_and_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    n = MOST_SHOWN + 10
    frame = table(*(("u", ("a",), time) for time in range(n)), ("v", ("b",), 3))
    found = showings(Slates.of(frame, 50), USERS, ITEMS, 0, n)
    assert found.one(0).times.tolist() == list(range(10, n))
    assert found.one(1).items.tolist() == [1]
    everything = showings(Slates.of(frame, 50), USERS, ITEMS, 0, n, of=np.array([True, False]))
    assert len(everything.one(0).times) == n
    assert len(everything.one(1).times) == 0
    monkeypatch.setattr(module, "MOST_HELD", 30)
    assert showings(Slates.of(frame, 20), USERS, ITEMS, 0, n).times.tolist() == list(range(n - 30, n))
