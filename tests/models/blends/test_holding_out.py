import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from slatewright.models import ItemKNN, Popularity
from slatewright.models.blends import holding_out
from slatewright.models.blends.holding_out import cases_to_learn, held_out, lists_of, subset
from slatewright.testing.worlds import two_tastes


def test_the_latest_events_are_held_out() -> None:
    town = dataset_of(two_tastes())
    fold = held_out(town, 0.2, 0)
    assert fold is not None
    assert fold.train.interactions.time.max() < fold.train.as_of <= town.interactions.time.max()


def test_lists_hold_the_best_new_items_of_every_part() -> None:
    town = dataset_of(two_tastes())
    fold = held_out(town, 0.3, 0)
    assert fold is not None
    parts = (ItemKNN().fit(fold.train), Popularity().fit(fold.train))
    cases = cases_to_learn(fold, 0)
    lists = lists_of(parts, cases, 4, "deviation")
    assert lists.marks.shape == (len(lists.taken), 2)
    lengths = np.diff(lists.offsets)
    assert lengths.min() >= 4
    assert lengths.max() <= 8
    for start, stop in zip(lists.offsets[:-1], lists.offsets[1:], strict=True):
        assert lists.taken[start:stop].any()
        assert not lists.taken[start:stop].all()
    chosen = np.array([2, 0])
    some = subset(lists, chosen)
    np.testing.assert_array_equal(some.marks[: lengths[2]], lists.marks[lists.offsets[2] : lists.offsets[3]])
    np.testing.assert_array_equal(some.n_events, lists.n_events[chosen])


def test_events_of_one_instant_are_drawn_at_random() -> None:
    town = dataset_of(two_tastes().with_columns(time=pl.lit(7, pl.Int64).cast(pl.Datetime("us", "UTC"))))
    fold = held_out(town, 0.3, 0)
    assert fold is not None
    assert len(fold.train.interactions) == (np.random.default_rng(0).random(len(town.interactions)) >= 0.3).sum()


def test_nothing_can_be_held_out_of_nothing() -> None:
    assert held_out(dataset_of(two_tastes().head(0)), 0.2, 0) is None
    worthless = dataset_of(two_tastes().with_columns(kind=pl.lit("view")), weights={"view": 0.0})
    assert held_out(worthless, 0.2, 0) is None


def test_what_is_wrong_with_the_data_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object, **__: object) -> None:
        raise BadInput("the times make no sense")

    monkeypatch.setattr(holding_out, "fold_of", wrong)
    with pytest.raises(BadInput, match="make no sense"):
        held_out(dataset_of(two_tastes()), 0.2, 0)
