import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.arrays import Array
from slatewright.data.ordering import sort_events

FEW = st.tuples(*[st.integers(0, 3)] * 3, st.sampled_from([0.0, 1.0, -2.5]), st.integers(-2, 2))


def columns(rows: list[tuple[float, ...]]) -> tuple[Array, ...]:
    user, item, kind, value, time = np.array(rows, dtype=float).reshape(-1, 5).T
    return (
        user.astype(np.int32),
        item.astype(np.int32),
        kind.astype(np.int8),
        value.astype(np.float32),
        time.astype(int),
    )


def expected(user: Array, item: Array, kind: Array, value: Array, time: Array) -> tuple[Array, ...]:
    order = np.lexsort((value.view(np.int32), kind, item, time, user))
    return tuple(column[order] for column in (item, kind, value, time))


@given(st.lists(FEW, max_size=80))
def test_it_sorts_as_a_general_sort_does(rows: list[tuple[float, ...]]) -> None:
    given_columns = columns(rows)
    offsets, found = sort_events(*given_columns)
    for mine, theirs in zip(found[:4], expected(*given_columns), strict=True):
        assert np.array_equal(np.asarray(mine), theirs)
    assert not len(found[4])
    counts = np.bincount(given_columns[0]) if rows else np.zeros(0, int)
    assert np.diff(offsets).tolist() == counts.tolist()


@pytest.mark.parametrize("n_users", [1, 3, 5_000])
@pytest.mark.parametrize("n_times", [1, 20, 2**62])
def test_long_and_short_histories(n_users: int, n_times: int) -> None:
    rng = np.random.default_rng(3)
    n = 30_000
    user = (n_users * rng.random(n) ** 3).astype(np.int32)
    item, kind = rng.integers(0, 2**31 - 1, n, dtype=np.int32), rng.integers(0, 127, n, dtype=np.int8)
    value, time = rng.normal(size=n).astype(np.float32), rng.integers(-n_times, n_times, n)
    _, found = sort_events(user, item, kind, value, time)
    for mine, theirs in zip(found[:4], expected(user, item, kind, value, time), strict=True):
        assert np.array_equal(np.asarray(mine), theirs)


@given(st.lists(st.tuples(FEW, st.integers(0, 2**31 - 1)), max_size=40))
def test_visits_travel_with_their_events(rows: list[tuple[tuple[float, ...], int]]) -> None:
    given_columns = columns([row for row, _ in rows])
    session = np.array([visit for _, visit in rows], dtype=np.int32)
    user, item, kind, value, time = given_columns
    order = np.lexsort((session, value.view(np.int32), kind, item, time, user))
    _, found = sort_events(user, item, kind, value, time, session)
    for mine, theirs in zip(found, (item, kind, value, time, session), strict=True):
        assert np.array_equal(np.asarray(mine), theirs[order])
