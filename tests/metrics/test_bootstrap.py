"""Bootstrap intervals against theory and SciPy."""

import numpy as np
import pytest
from scipy import stats

from slatewright.core.errors import BadInput, BadKnob
from slatewright.metrics.bootstrap import GROUPS, Bootstrap, coverage_interval
from slatewright.metrics.ranking import coverage


def test_a_mean_lies_where_scipy_puts_it() -> None:
    values = np.random.default_rng(1).exponential(size=(400, 1))
    ours = Bootstrap(resamples=4000).means(values)[0]
    theirs = stats.bootstrap((values[:, 0],), np.mean, n_resamples=4000, method="percentile", rng=1).confidence_interval
    assert ours.value == pytest.approx(values.mean())
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.01)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    samples = rng.normal(5, 2, size=(60, 300))  # 300 experiments of 60 users
    held = [i.low <= 5 <= i.high for i in Bootstrap(resamples=400, level=0.9).means(samples)]
    assert 0.82 < np.mean(held) < 0.96


def test_columns_share_their_draws_so_differences_are_paired() -> None:
    first = np.random.default_rng(3).normal(size=500)
    both = np.stack([first, first + 0.1, np.full(500, 0.1)], axis=1)
    a, b, gap = Bootstrap(resamples=200).means(both)
    assert (b.low - a.low, b.high - a.high) == pytest.approx((0.1, 0.1))
    assert (gap.low, gap.high) == pytest.approx((0.1, 0.1))


def test_equal_inputs_give_equal_intervals_and_the_seed_moves_them() -> None:
    values = np.random.default_rng(4).normal(size=(50, 2))
    assert Bootstrap().means(values) == Bootstrap().means(values)
    assert Bootstrap(rng=1).means(values) != Bootstrap(rng=2).means(values)


def test_a_wider_level_is_a_wider_interval() -> None:
    values = np.random.default_rng(5).normal(size=(50, 1))
    narrow, wide = (Bootstrap(level=level).means(values)[0] for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


def test_no_users_is_an_error() -> None:
    with pytest.raises(BadInput, match="at least one user"):
        Bootstrap().means(np.empty((0, 3)))


def test_knobs_are_checked_at_the_door() -> None:
    with pytest.raises(BadKnob, match=r"Bootstrap.level must be < 1, got 1"):
        Bootstrap(level=1.0)


def test_coverage_has_its_own_value_inside_the_interval() -> None:
    rng = np.random.default_rng(6)
    weights = 1 / np.arange(1, 2001)
    lists = np.stack([rng.choice(2000, 10, replace=False, p=weights / weights.sum()) for _ in range(300)])
    counts = np.full(300, 10)
    interval = coverage_interval(lists.astype(np.int32), counts, 2000, Bootstrap(resamples=300))
    assert interval.value == coverage(lists.astype(np.int32), counts, 2000)
    assert interval.low < interval.value < interval.high


def test_coverage_of_fresh_samples_spreads_as_the_interval_says() -> None:
    rng = np.random.default_rng(7)
    weights = 1 / np.arange(1, 501)
    weights /= weights.sum()

    def lists() -> np.ndarray:
        return np.stack([rng.choice(500, 3, replace=False, p=weights) for _ in range(80)]).astype(np.int32)

    counts = np.full(80, 3)
    spread = np.std([coverage(lists(), counts, 500) for _ in range(200)])
    interval = coverage_interval(lists(), counts, 500, Bootstrap(resamples=300))
    assert (interval.high - interval.low) / 3.92 == pytest.approx(spread, rel=0.4)


def test_users_who_do_not_matter_need_not_be_drawn() -> None:
    def of(times: np.ndarray) -> float:
        return float((times[:40] > 0).sum())

    every = Bootstrap(resamples=4000).statistic(400, of)
    some = Bootstrap(resamples=4000, rng=1).statistic(400, of, among=40)
    assert every.value == some.value == 40
    assert (some.high - some.low) / (every.high - every.low) == pytest.approx(1, abs=0.1)
    assert Bootstrap(resamples=20).statistic(400, lambda times: float(len(times)), among=0).high == 0


def test_coverage_where_everything_is_shown_often_is_sure() -> None:
    lists, counts = np.tile(np.array([0, 1], dtype=np.int32), (100, 1)), np.full(100, 2)
    found = coverage_interval(lists, counts, 4, Bootstrap(resamples=20))
    assert (found.low, found.value, found.high) == (0.5, 0.5, 0.5)


def test_very_many_users_of_whom_some_have_no_number() -> None:
    values = np.random.default_rng(10).normal(size=(2 * GROUPS + 3, 2))
    values[::3, 1] = np.nan
    whole, part = Bootstrap(resamples=200).means_of(list(values.T))
    assert (whole.value, part.value) == pytest.approx((values[:, 0].mean(), np.nanmean(values[:, 1])))
    assert (part.high - part.low) / (whole.high - whole.low) == pytest.approx(np.sqrt(1.5), rel=0.2)
    assert Bootstrap().means_of([]) == []


def test_a_user_without_a_number_is_not_counted_in_that_column() -> None:
    values = np.random.default_rng(8).normal(size=(400, 2))
    values[:200, 1] = np.nan
    sparse = Bootstrap(resamples=2000).means(values)[1]
    alone = Bootstrap(resamples=2000, rng=5).means(values[200:, 1:])[0]
    assert sparse.value == pytest.approx(alone.value)
    assert (sparse.low, sparse.high) == pytest.approx((alone.low, alone.high), abs=0.02)
    with pytest.raises(BadInput, match="with a number, got none"):
        Bootstrap().means(np.full((5, 1), np.nan))


def test_very_many_users_are_as_sure_as_theory_says() -> None:
    values = np.random.default_rng(9).exponential(size=(3 * GROUPS + 5, 1))
    found = Bootstrap().means(values)[0]
    assert found.value == pytest.approx(values.mean())
    assert (found.high - found.low) / 3.92 == pytest.approx(values.std() / np.sqrt(len(values)), rel=0.1)
