import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.chunks import LEAST_WORK, chunks_of, equal_chunks, in_chunks


@given(st.lists(st.integers(0, 10**6), max_size=60))
def test_chunks_cover_every_row_once_in_order(work: list[int]) -> None:
    bounds = chunks_of(np.concatenate([[0], np.cumsum(np.array(work, dtype=np.int64))]))
    parts = in_chunks(lambda begin, end: list(range(begin, end)), bounds)
    assert [row for part in parts for row in part] == list(range(len(work)))


def test_little_work_stays_in_the_thread_that_asks() -> None:
    bounds = equal_chunks(10, 1)
    assert in_chunks(lambda begin, end: threading.get_ident(), bounds) == [threading.get_ident()]


def test_one_long_row_does_not_take_its_neighbours_along() -> None:
    work = np.cumsum([0, 1, 1, LEAST_WORK * 100, *[LEAST_WORK] * 97])
    bounds = chunks_of(work)
    if len(bounds) > 2:  # with one thread all rows are one chunk
        assert max(np.diff(work[bounds])) < LEAST_WORK * 120


def test_an_error_in_a_chunk_reaches_the_caller() -> None:
    def fail(begin: int, end: int) -> None:
        raise ZeroDivisionError(f"rows {begin} to {end}")

    with pytest.raises(ZeroDivisionError, match="rows 0 to"):
        in_chunks(fail, equal_chunks(100, LEAST_WORK))
