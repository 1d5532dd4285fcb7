import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.histories import Histories
from slatewright.metrics.calibration import miscalibration
from slatewright.pipeline import Calibrated, Candidates, Novelty, Query, Request
from slatewright.pipeline.orders.calibrated import BoundCalibrated
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline


class TestCalibrated(StageKit):
    stage = Calibrated(0.3, terms=(Novelty(0.1),))


class TestCalibratedByMixAlone(StageKit):
    stage = Calibrated(0.0, half_life_days=30)


def order(knobs: Calibrated, shelves: list[list[int]]) -> BoundCalibrated:
    offsets = np.concatenate([[0], np.cumsum([len(own) for own in shelves])]).astype(np.int64)
    flat = np.array([one for own in shelves for one in sorted(own)], dtype=np.int32)
    return BoundCalibrated("calibration", knobs, offsets, flat, 4, ())


@given(
    shelves=st.lists(st.lists(st.integers(0, 3), max_size=3, unique=True), min_size=4, max_size=9),
    history=st.lists(st.integers(0, 3), max_size=5),
    relevance=st.sampled_from([0.0, 0.3, 0.7, 1.0]),
    seed=st.integers(0, 1000),
)
def test_every_place_takes_what_is_best_by_the_metric(
    shelves: list[list[int]], history: list[int], relevance: float, seed: int
) -> None:
    """Beside greedy choice by ``miscalibration`` itself."""
    n, k = len(shelves), min(3, len(shelves))
    bound = order(Calibrated(relevance), shelves)
    scores = np.sort(np.random.default_rng(seed).random(n).astype(np.float32))[::-1].copy()
    pool = Candidates(np.arange(n, dtype=np.int32), scores, np.zeros(n, dtype=np.int32))
    chosen = bound.arrange(Query(k, AS_OF, Histories.of([history])), pool).tolist()
    worth = (scores - scores.min()) / (scores.max() - scores.min())

    def value(slate: list[int]) -> float:
        taken = np.array([0, len(history)], dtype=np.int64), np.array(history, dtype=np.int32)
        lists, counts = np.array([slate], dtype=np.int32), np.array([len(slate)], dtype=np.int64)
        apart = float(miscalibration(lists, counts, *taken, bound.offsets, bound.categories)[0])
        if not any(shelves[item] for item in history):
            return float(worth[slate].sum())
        nothing = np.log(100) if np.isnan(apart) else apart  # a slate without a shelf has nothing of the mix
        return float(relevance * worth[slate].sum() - (1 - relevance) * nothing)

    for place, taken in enumerate(chosen):
        before = chosen[:place]
        best = max(value([*before, at]) for at in range(n) if at not in before)
        assert value([*before, taken]) == pytest.approx(best, abs=1e-5)


def test_the_own_mix_by_hand() -> None:
    items = np.array([0, 2, 4, 6, 1, 3, 5, 7], dtype=np.int32)  # teas above coffees
    pool = Candidates(items, np.linspace(1, 0, 8, dtype=np.float32), np.zeros(8, dtype=np.int32))
    query = town_pipeline().query(Request(4, AS_OF, items=("i008", "i009", "i011", "i013")))  # one tea, three coffees
    chosen = Calibrated(0.0).bind(town_pipeline().world).arrange(query, pool)
    assert sorted(items[chosen] % 2) == [0, 1, 1, 1]


def test_what_was_had_long_ago_counts_less() -> None:
    items = np.array([0, 1], dtype=np.int32)
    pool = Candidates(items, np.array([0.5, 0.5], dtype=np.float32), np.zeros(2, dtype=np.int32))
    long_ago = AS_OF - 1000 * MICROSECONDS_PER_DAY
    history = Histories.of([[2, 4, 3]], times=[[long_ago, long_ago, AS_OF]])  # two teas long ago, a coffee now
    for half_life, first in ((None, 0), (10.0, 1)):
        order = Calibrated(0.0, half_life_days=half_life).bind(town_pipeline().world)
        assert order.arrange(Query(1, AS_OF, history), pool).tolist() == [first]


def test_somebody_unknown_gets_the_best() -> None:
    items = np.array([0, 2, 1], dtype=np.int32)
    pool = Candidates(items, np.array([3, 2, 1], dtype=np.float32), np.zeros(3, dtype=np.int32))
    assert Calibrated(0.0).bind(town_pipeline().world).arrange(
        town_pipeline().query(Request(3, AS_OF)), pool
    ).tolist() == [0, 1, 2]
