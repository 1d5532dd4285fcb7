from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.pipeline.orders.searching import FOUND, MOST_LOOKS, NONE, UNKNOWN, first_arrangement

Problem = tuple[Any, Any, Any, Any, Any, int]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to seven candidates, three limits, values in up to two columns."""
    n = draw(st.integers(1, 6))
    places, limits, width = draw(st.integers(1, min(n, 5))), draw(st.integers(1, 3)), draw(st.integers(1, 2))
    values = st.lists(st.integers(0, 2), max_size=width, unique=True)
    rows = [[draw(values) for _ in range(n)] for _ in range(limits)]
    codes = np.array([[[*own, *[-1] * (width - len(own))] for own in row] for row in rows], dtype=np.int32)
    windows = [draw(st.integers(1, places)) for _ in range(limits)]
    least = [draw(st.integers(0, window)) for window in windows]
    most = [draw(st.integers(0, 3)) for _ in range(limits)]
    barred = [draw(st.booleans()) for _ in range(limits)]
    return codes, np.array(windows), np.array(most), np.array(least), np.array(barred), places


def kept(problem: Problem) -> Iterator[list[int]]:
    """Every arrangement that keeps to the limits, in order."""
    codes, windows, most, least, barred, places = problem
    for slate in permutations(range(codes.shape[1]), places):
        if all(holds(codes[at][list(slate)], windows[at], most[at], least[at], barred[at]) for at in range(len(codes))):
            yield list(slate)


def holds(values: Any, window: int, most: int, least: int, barred: bool) -> bool:
    if barred and (values[0] >= 0).any():
        return False
    for start in range(len(values) - window + 1):
        part = values[start : start + window]
        there = part[part >= 0].tolist()
        if any(there.count(value) > most for value in there) or (part >= 0).any(axis=1).sum() < least:
            return False
    return True


@given(problems())
def test_it_is_the_first_of_all_arrangements_that_keep_to_the_limits(problem: Problem) -> None:
    positions, found, _ = first_arrangement(*problem)
    expected = next(kept(problem), None)
    assert found == (NONE if expected is None else FOUND)
    if expected is not None:
        assert positions.tolist() == expected


def asked(columns: list[Any], windows: list[int], most: list[int], least: list[int], places: int) -> tuple[Any, int]:
    codes = np.stack(columns)[:, :, None].astype(np.int32)
    barred = np.zeros(len(columns), dtype=np.bool_)
    positions, found, looks = first_arrangement(
        codes, np.array(windows), np.array(most), np.array(least), barred, places
    )
    assert looks <= MOST_LOOKS + 2 * len(codes[0])
    return positions, found


def test_five_hundred_candidates_under_several_limits() -> None:
    rng = np.random.default_rng(0)
    brand, cheap = rng.integers(0, 40, 500), np.where(np.arange(500) > 450, 0, -1)
    positions, found = asked([brand, cheap], [6, 20], [1, 20], [0, 5], 20)
    assert found == FOUND
    assert (cheap[positions] == 0).sum() == 5
    assert positions[:10].max() < 60  # what is cheap comes last: nothing else stands lower than it must
    for start in range(15):
        assert len(set(brand[positions[start : start + 6]])) == 6


def test_what_cannot_be_is_proved_without_trying_everything() -> None:
    rng = np.random.default_rng(1)
    brand, half = rng.integers(0, 100, 500), rng.random(500) < 0.5
    one, other = np.where(half, 0, -1), np.where(half, -1, 0)
    assert asked([one, other], [20, 20], [20, 20], [11, 10], 20)[1] == NONE  # 21 of 20 places
    cheap = np.where(brand < 2, 0, -1)
    assert asked([brand, cheap], [20, 20], [2, 20], [0, 5], 20)[1] == NONE  # two brands, two of each
    assert asked([np.zeros(500)], [6], [1], [0], 20)[1] == NONE  # one brand, one in any six


def test_a_search_that_takes_too_long_gives_up() -> None:
    rng = np.random.default_rng(2)
    brand = rng.integers(0, 60, 500)
    cheap = np.where(brand < 2, 0, -1)
    assert asked([brand, cheap], [6, 20], [1, 20], [0, 8], 20)[1] in (UNKNOWN, FOUND)
