"""Splits by time leak nothing."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.splits import Fold, GlobalTime, RollingWindows


def daily(days: int = 100) -> Dataset:
    """One view and one purchase a day by ten users in turn."""
    rows = [(f"u{d % 10}", f"i{d % 7}", kind, d * DAY) for d in range(days) for kind in ("purchase", "view")]
    return dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id", "kind", "time"], orient="row"))


def times(fold: Fold) -> np.ndarray:
    return fold.train.interactions.time


def test_a_named_instant_cuts_there() -> None:
    fold = next(GlobalTime(at="1970-03-01").split(daily()))
    assert fold.train.as_of == 59 * DAY
    assert times(fold).max() == 58 * DAY
    assert set(fold.test.now) == {59 * DAY}


def test_a_share_of_the_events_is_test() -> None:
    fold = next(GlobalTime(test_share=0.25).split(daily()))
    assert len(fold.train.interactions) == 150
    assert fold.train.as_of == 75 * DAY


def test_validation_lies_inside_training_and_before_the_test() -> None:
    fold = next(GlobalTime(test_share=0.2, validation_share=0.25).split(daily()))
    assert fold.validation is not None
    assert (fold.validation.train.as_of, fold.train.as_of) == (60 * DAY, 80 * DAY)
    assert times(fold.validation).max() < 60 * DAY
    assert next(GlobalTime(validation_share=0).split(daily())).validation is None


def test_only_some_kinds_count_as_right() -> None:
    every = next(GlobalTime(at="1970-03-01").split(daily()))
    bought = next(GlobalTime(at="1970-03-01", kinds=("purchase",)).split(daily()))
    assert len(bought.train.interactions) == len(every.train.interactions)
    with pytest.raises(BadInput, match="no event of kind 'basket'; the kinds are purchase, view"):
        next(GlobalTime(kinds=("basket",)).split(daily()))


def test_events_of_one_instant_cannot_be_split() -> None:
    with pytest.raises(BadInput, match="training part of the split is empty"):
        next(GlobalTime().split(dataset_of(pl.DataFrame({"user_id": ["a", "b"], "item_id": ["x", "y"]}))))


def test_no_events_and_bad_knobs_are_refused() -> None:
    empty = dataset_of(pl.DataFrame(schema={"user_id": pl.String, "item_id": pl.String}))
    for split in (GlobalTime(), RollingWindows()):
        with pytest.raises(BadInput, match="without events"):
            next(split.split(empty))
    with pytest.raises(BadInput, match="ISO-8601"):
        GlobalTime(at="first of May")
    with pytest.raises(BadKnob, match=r"GlobalTime.test_share must be < 1"):
        GlobalTime(test_share=1.0)


def test_windows_follow_each_other_and_end_where_the_data_ends() -> None:
    folds = list(RollingWindows(windows=3, window_days=10).split(daily()))
    assert [fold.train.as_of for fold in folds] == [69 * DAY + 1, 79 * DAY + 1, 89 * DAY + 1]
    assert [len(fold.test) for fold in folds] == [10, 10, 10]
    assert all(times(fold).max() < fold.train.as_of for fold in folds)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 50)), min_size=2, max_size=60))
def test_nothing_at_or_after_the_cut_is_learned_and_nothing_is_lost(rows: list[tuple[int, int, int]]) -> None:
    events = pl.DataFrame(
        [(f"u{u}", f"i{i}", t) for u, i, t in rows], schema=["user_id", "item_id", "time"], orient="row"
    )
    dataset = dataset_of(events)
    cut = GlobalTime(test_share=0.3).cut(dataset)
    if cut == min(t for _, _, t in rows):
        return  # everything happened at once
    fold = next(GlobalTime(test_share=0.3, validation_share=0).split(dataset))
    assert times(fold).max() < cut == fold.train.as_of
    later = {(u, i) for u, i, t in rows if t >= cut}
    assert fold.test.n_relevant().sum() + fold.test.unknown.sum() == len(later)
    assert len(fold.train.interactions) == sum(t < cut for _, _, t in rows)
