"""What a knob may be: proposed and meant agree, a grid has every place once, numbers are as they are printed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.evaluate.tuning.ranges import GRID_POINTS, Choice, Range, Space, Span

NUMBERS = st.floats(-1e6, 1e6)


def span(one: float, other: float, whole: bool, optional: bool) -> Span:
    low, high = sorted((float(round(one)), float(round(other))) if whole else (one, other))
    return Span(low, high, whole, optional)


SPANS = st.builds(span, NUMBERS, NUMBERS, st.booleans(), st.booleans())
CHOICES = st.lists(st.sampled_from([None, True, 7, 0.5, "cosine", (1, 2)]), min_size=1, unique_by=repr).map(
    lambda values: Choice(tuple(values))
)
SPACES = st.dictionaries(st.sampled_from("abc"), SPANS | CHOICES, min_size=1).map(Space)


@given(SPACES, st.data())
def test_what_a_sampler_would_have_proposed_means_the_same_knobs(space: Space, data: st.DataObject) -> None:
    knobs = {name: _value(one, data) for name, one in space.ranges.items()}
    assert all(one.holds(knobs[name]) for name, one in space.ranges.items())
    assert space.knobs(space.params(knobs)) == knobs


def _value(one: Range, data: st.DataObject) -> Any:
    if isinstance(one, Choice):
        return data.draw(st.sampled_from(one.values))
    number = one.rounded(data.draw(st.floats(one.low, one.high)))
    return data.draw(st.sampled_from([None, number])) if one.optional else number


@given(SPACES, st.integers(0, 3))
def test_a_grid_has_every_combination_once_in_an_order_of_the_seed(space: Space, seed: int) -> None:
    places = [repr(space.grid(at, seed)) for at in range(space.grid_size())]
    assert len(set(places)) == len(places)
    assert space.grid_size() <= space.size()
    for name, one in space.ranges.items():
        assert all(one.holds(point) for point in one.points()), name


def test_a_grid_that_fits_into_no_memory_is_walked_all_the_same() -> None:
    space = Space({str(at): Span(0, 1) for at in range(40)})
    assert space.grid_size() == GRID_POINTS**40
    places = [repr(space.grid(at, 0)) for at in range(50)]
    assert len(set(places)) == len(places)
    assert places != [repr(space.grid(at, 1)) for at in range(50)]


def test_a_grid_of_numbers_goes_by_magnitude_where_they_span_some() -> None:
    assert Span(0.001, 10).points() == (0.001, 0.01, 0.1, 1.0, 10.0)
    assert Span(1, 9).points() == (1.0, 3.0, 5.0, 7.0, 9.0)
    assert Span(1, 3, whole=True, optional=True).points() == (1, 2, 3, None)
    assert len(Span(0, 1).points()) == GRID_POINTS


@given(SPANS, NUMBERS)
def test_a_number_is_within_its_ends_and_is_what_is_printed(one: Span, number: float) -> None:
    tried = one.rounded(min(one.high, max(one.low, number)))
    assert one.low <= tried <= one.high
    assert tried in (one.low, one.high) or one.whole or float(f"{tried:.3g}") == tried


@pytest.mark.parametrize(
    ("one", "size"),
    [(Span(1, 1), 1), (Span(1, 3, whole=True), 3), (Span(1, 1, optional=True), 2), (Span(0, 1), float("inf"))],
)
def test_the_size_counts_different_values(one: Span, size: float) -> None:
    assert one.size() == size
    assert Space({"a": one, "b": Choice((1, 2))}).size() == 2 * size
    assert len(Space({"a": one, "b": Choice((1, 2))}).without("b")) == 1
