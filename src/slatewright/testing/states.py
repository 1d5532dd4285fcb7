"""The conformance kit of a state: ``class TestMine(StateKit)`` with ``make`` is the whole test."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
import pytest

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.data.catalogue import Catalogue
from slatewright.data.dataset import dataset_of
from slatewright.features.counters import Counters
from slatewright.features.counts import Count, Mean, Newness, Rate, Recency, Trend
from slatewright.features.layout import Acts, Numbers
from slatewright.features.sets import BoundFeatures, FeatureSet
from slatewright.features.state import Arrival, State
from slatewright.testing.worlds import START

AS_OF = START + 30 * DAY
NOW = START + 60 * DAY
N_ITEMS = 20
ALL = np.arange(N_ITEMS, dtype=np.int32)
COUNTED = FeatureSet(
    (
        Count("view", 0.01),
        Count(None, 7, by="category"),
        Count("purchase"),
        Rate("purchase", "view", 5, by="brand"),
        Mean("purchase", 10),
        Recency("view", by="brand"),
        Newness(),
        Trend(),
    )
)


def bound() -> BoundFeatures:
    """The features of the kit over twenty items in three categories, some of a brand."""
    facts = {
        "item_id": [f"i{at:02d}" for at in ALL],
        "category": [f"c{at % 3}" for at in ALL],
        "brand": [f"b{at % 4}" if at % 4 else None for at in ALL],
    }
    nothing = pl.DataFrame(schema={"user_id": pl.String, "item_id": pl.String})
    return COUNTED.bind(Catalogue.of(dataset_of(nothing, item_facts=pl.DataFrame(facts))))


BOUND = bound()


def happened(n: int, *, rng: int, since: int = AS_OF) -> Frame:
    """Events of a month, in no order."""
    draw = np.random.default_rng(rng)
    return pl.DataFrame(
        {
            "item_id": [f"i{at:02d}" for at in draw.integers(N_ITEMS, size=n)],
            "kind": draw.choice(["view", "purchase", "return"], size=n, p=[0.6, 0.3, 0.1]),
            "time": since + draw.integers(30 * DAY, size=n),
            "value": draw.uniform(1, 5, size=n),
        }
    )


def arrivals(frames: Sequence[Frame], *, first: int = 0) -> list[Arrival]:
    """One arrival for each frame, each following on the one before."""
    ends = np.cumsum([first, *(frame.height for frame in frames)]).tolist()
    acts = [BOUND.happened(frame).acts for frame in frames]
    return [Arrival("j", a, b, some) for a, b, some in zip(ends, ends[1:], acts, strict=False)]


def read(counts: State | Counters, now: int = NOW) -> Numbers:
    """All cells of all items, and the totals."""
    return counts.gather(BOUND.layout, ALL, now)


def same(found: Numbers, wanted: Numbers) -> None:
    """The same numbers, but for the rounding of another order."""
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


NOTHING = Acts(*(np.empty(0, dtype=kind) for kind in ("i4", "i1", "i8", "f4")))
BEFORE = happened(200, rng=1, since=START)
BUNDLE = BOUND.counters(BEFORE, AS_OF)


class StateKit(ABC):
    """Give ``make`` an empty state of a bundle; every promise of a state is then a test."""

    @abstractmethod
    def make(self, counters: Counters) -> State:
        """A new state over ``BOUND.layout``."""

    @pytest.fixture
    def state(self) -> State:
        return self.make(BUNDLE)

    def wanted(self, *frames: Frame) -> Numbers:
        """What the trainer counts of the same events."""
        return read(BOUND.counters(pl.concat([BEFORE, *frames]), NOW))

    def test_before_it_begins_it_reads_as_the_bundle(self, state: State) -> None:
        assert state.position("j") is None
        np.testing.assert_array_equal(read(state), read(BUNDLE))
        np.testing.assert_array_equal(state.pairs.items, BUNDLE.pairs.items)

    def test_it_counts_nothing_before_it_begins(self, state: State) -> None:
        (arrival,) = arrivals([happened(5, rng=2)])
        assert not state.apply(arrival)
        same(read(state), read(BUNDLE))

    @pytest.mark.parametrize("sizes", [(100,), (0, 1, 99), (1,) * 10, (40, 0, 60)], ids=str)
    def test_it_reads_what_the_trainer_counts(self, state: State, sizes: tuple[int, ...]) -> None:
        first, *frames = [happened(size, rng=at) for at, size in enumerate((30, *sizes))]
        state.begin(Arrival("j", 0, 30, BOUND.happened(first).acts))
        for arrival in arrivals(frames, first=30):
            assert state.apply(arrival)
        assert state.position("j") == 30 + sum(sizes)
        same(read(state), self.wanted(first, *frames))
        assert (read(state) != read(BUNDLE)).any()

    def test_it_counts_each_row_once(self, state: State) -> None:
        frames = [happened(20, rng=at) for at in range(3)]
        state.begin(Arrival("j", 0, 0, NOTHING))
        one, two, three = arrivals(frames)
        assert not state.apply(two), "there is a gap before it"
        assert state.apply(one)
        assert not state.apply(one), "it counts already"
        assert state.apply(two)
        assert not state.apply(three._replace(journal="another"))
        assert not state.apply(three._replace(after=10)), "a part of it counts already"
        same(read(state), self.wanted(*frames[:2]))

    def test_beginning_anew_forgets_what_was_counted(self, state: State) -> None:
        first, second = happened(50, rng=1), happened(60, rng=2)
        for frame in (first, second):
            state.begin(Arrival("j", 0, frame.height, BOUND.happened(frame).acts))
        assert state.position("j") == 60
        same(read(state), self.wanted(second))

    def test_events_before_the_bundle_wait_for_the_next_one(self, state: State) -> None:
        late = happened(40, rng=3, since=START).with_columns(pl.col("time") - DAY)
        state.begin(Arrival("j", 0, 40, BOUND.happened(late).acts))
        (again,) = arrivals([late], first=40)
        assert state.apply(again)
        same(read(state), read(BUNDLE))
        assert state.position("j") == 80

    def test_it_may_be_read_at_any_instant_and_for_any_items(self, state: State) -> None:
        frame = happened(50, rng=5)
        state.begin(Arrival("j", 0, 50, BOUND.happened(frame).acts))
        counted = BOUND.counters(pl.concat([BEFORE, frame]), NOW)
        for now in (NOW, NOW + 4000 * DAY):
            same(read(state, now), read(counted, now))
        some = np.array([7, 3, 3], dtype=np.int32)
        same(state.gather(BOUND.layout, some, NOW), counted.gather(BOUND.layout, some, NOW))
        assert state.gather(BOUND.layout, some[:0], NOW).shape == (1, len(BOUND.layout.space))

    def test_many_years_of_short_half_lives_stay_numbers(self, state: State) -> None:
        frames = [happened(10, rng=at, since=AS_OF + year * 365 * DAY) for at, year in enumerate(range(5))]
        state.begin(Arrival("j", 0, 0, NOTHING))
        for arrival in arrivals(frames):
            assert state.apply(arrival)
        now = AS_OF + 5 * 365 * DAY
        same(read(state, now), read(BOUND.counters(pl.concat([BEFORE, *frames]), now), now))

    def test_threads_that_bring_the_same_rows_count_them_once(self, state: State) -> None:
        frames = [happened(5, rng=at) for at in range(12)]
        state.begin(Arrival("j", 0, 0, NOTHING))
        brought = arrivals(frames)

        def bring(_: int) -> int:
            return sum(state.apply(arrival) for arrival in brought)

        with ThreadPoolExecutor(3) as threads:
            list(threads.map(bring, range(3)))
        for arrival in brought:
            state.apply(arrival)
        same(read(state), self.wanted(*frames))
