"""The same numbers live and replayed, and nothing of the future in them."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.core.arrays import Frame, Index, Offsets, Scores
from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.errors import BadInput, BadKnob, Leak
from slatewright.data.histories import Histories
from slatewright.features import BoundFeatures, Count, FeatureSet, HistoryCount, Moment, Moments, Together
from tests.features.worlds import EVERYTHING, ITEMS, START, asked, catalogue, events, moment, random_rows

BOUND = EVERYTHING.bind(catalogue())
ROWS = st.tuples(
    st.integers(0, 5),
    st.integers(0, 11),
    st.integers(0, 4),
    st.one_of(st.integers(0, 40 * DAY), st.integers(0, 40).map(lambda day: day * DAY)),
    st.floats(-5, 5),
)


def online(bound: BoundFeatures, frame: Frame, moments: Moments, offsets: Offsets, items: Index) -> Scores:
    """Each request as it was answered: counters of a bundle, events applied one by one, a read at each moment."""
    first = int(moments.times.min())
    counts = bound.counters(frame, first)
    later = frame.filter(pl.col("time") >= first).sort("time", maintain_order=True)
    out = np.empty((int(offsets[-1]), len(bound.names)), dtype=np.float32)
    applied = 0
    for at in np.argsort(moments.times, kind="stable"):
        while applied < later.height and later["time"][applied] < moments.times[at]:
            acts = bound.happened(later[applied]).acts
            counts = counts.moved(bound.layout, int(acts.times[0]))
            counts.count(bound.layout, acts)
            applied += 1
        rows = slice(offsets[at], offsets[at + 1])
        out[rows] = bound.read(moment(moments, int(at)), items[rows], counts)
    return out


def test_a_replay_gives_the_numbers_of_the_time() -> None:
    frame = events(random_rows(300, 40, rng=1))
    moments, offsets, items = asked(frame, [20 * DAY + time for *_, time, _ in random_rows(40, 20, rng=2)])
    replayed = BOUND.replay(frame, moments, offsets, items)
    live = online(BOUND, frame, moments, offsets, items)
    np.testing.assert_allclose(replayed, live, rtol=1e-6, atol=1e-9)
    assert np.isfinite(replayed).all()
    assert (replayed.std(axis=0) > 0).all(), "a feature that always says the same tests nothing"


@settings(max_examples=40)
@given(st.lists(ROWS, max_size=25), st.lists(st.integers(0, 41 * DAY), min_size=1, max_size=6))
def test_any_replay_gives_the_numbers_of_the_time(
    rows: list[tuple[int, int, int, int, float]], times: list[int]
) -> None:
    frame = events(rows)
    moments, offsets, items = asked(frame, times)
    replayed = BOUND.replay(frame, moments, offsets, items)
    np.testing.assert_allclose(replayed, online(BOUND, frame, moments, offsets, items), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("planted", [0, 1])
def test_nothing_at_or_after_a_moment_changes_its_numbers(planted: int) -> None:
    rows = random_rows(200, 20, rng=3)
    times = [5 * DAY, 9 * DAY, 9 * DAY + 1]
    past = [row for row in rows if row[3] < times[0]]
    between = [row for row in rows if times[0] <= row[3] < times[1]]
    after = [(user, item, kind, times[1] + planted, 3.0) for user, item, kind, _, _ in rows]
    moments, offsets, items = asked(events(past + between), times)
    honest = BOUND.replay(events(past + between), moments, offsets, items)
    with_future, _, _ = asked(events(past + between + after), times)
    told = BOUND.replay(events(past + between + after), with_future, offsets, items)
    seen = offsets[2] if planted == 0 else offsets[3]
    np.testing.assert_array_equal(told[:seen], honest[:seen])
    later, _, _ = asked(events(past + between + after), [time + DAY for time in times])
    assert not np.allclose(BOUND.replay(events(past + between + after), later, offsets, items)[:seen], honest[:seen])


def test_what_is_told_from_before_a_start_is_refused() -> None:
    frame = events(random_rows(50, 20, rng=4))
    moments, offsets, items = asked(frame, [3 * DAY])
    with pytest.raises(Leak, match="must not be told"):
        BOUND.replay(frame, moments, offsets, items, start=BOUND.counters(frame, START + 4 * DAY))


def test_no_request_and_no_item_are_fine() -> None:
    frame = events(random_rows(50, 20, rng=4))
    moments, offsets, items = asked(frame, [])
    assert BOUND.replay(frame, moments, offsets, items).shape == (0, len(BOUND.names))
    one, _, _ = asked(frame, [DAY])
    counts = BOUND.counters(frame, START)
    assert BOUND.read(moment(one, 0), items, counts).shape == (0, len(BOUND.names))


def test_interactions_and_frames_count_alike() -> None:
    frame = events(random_rows(100, 20, rng=5)).filter(~pl.col("kind").is_in(["return", "impression"]))
    from slatewright.data.dataset import dataset_of

    facts = pl.DataFrame({"item_id": ITEMS})
    interactions = dataset_of(frame, item_facts=facts).interactions
    by_frame, by_table = (BOUND.counters(one, START + 20 * DAY) for one in (frame, interactions))
    np.testing.assert_allclose(by_frame.cells, by_table.cells, rtol=1e-6)
    np.testing.assert_array_equal(by_frame.pairs.items, by_table.pairs.items)


def test_items_that_the_catalogue_does_not_have_count_for_nothing() -> None:
    frame = events(random_rows(20, 5, rng=6))
    more = pl.concat([frame, frame.with_columns(item_id=pl.lit("nobody sells this"))])
    np.testing.assert_array_equal(
        BOUND.counters(more, START + DAY * 9).cells, BOUND.counters(frame, START + DAY * 9).cells
    )


@pytest.mark.parametrize("wrong", [-1, 12])
def test_an_item_that_the_catalogue_does_not_have_is_refused(wrong: int) -> None:
    moments, offsets, items = asked(events(random_rows(50, 20, rng=4)), [DAY])
    counts, one = BOUND.nothing(START), moment(moments, 0)
    with pytest.raises(BadInput, match="from 0 to 11"):
        BOUND.read(one, np.array([0, wrong], dtype=np.int32), counts)
    with pytest.raises(BadInput, match="from 0 to 11"):
        BOUND.read(Moment(one.now, Histories.of([[wrong]])), items, counts)
    with pytest.raises(BadInput, match="from 0 to 11"):
        BOUND.replay(events([]), moments, np.array([0, 1]), np.array([wrong], dtype=np.int32))
    assert len(offsets) == 2


def test_two_features_of_one_name_are_refused() -> None:
    with pytest.raises(BadKnob, match="got count_7d twice"):
        FeatureSet((Count(None, 7), HistoryCount(), Count(None, 7)))


def test_two_kinds_of_baskets_are_refused() -> None:
    with pytest.raises(BadKnob, match="one kind of basket"):
        FeatureSet((Together(last=2), Together(last=3, n_neighbors=9))).bind(catalogue())


def test_a_fact_that_nothing_has_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"'colour'.*category, brand, price, stock"):
        FeatureSet((Count(by="colour"),)).bind(catalogue())


def test_more_kinds_than_a_byte_tells_apart_are_refused() -> None:
    with pytest.raises(BadKnob, match="120 kinds"):
        FeatureSet([Count(f"kind {at}") for at in range(130)]).bind(catalogue())
