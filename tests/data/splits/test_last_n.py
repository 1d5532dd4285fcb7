"""The last n events of every user are test."""

import polars as pl
import pytest

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import LastN

ROWS = [("a", f"i{t}", t) for t in range(5)] + [("b", "i0", 0), ("b", "i4", 9)] + [("c", "i1", 3)]
DATASET = dataset_of(pl.DataFrame(ROWS, schema=["user_id", "item_id", "time"], orient="row"))


def test_the_newest_events_are_held_out_and_short_histories_stay() -> None:
    fold = next(LastN(2, validation_share=0).split(DATASET))
    assert fold.test.users.to_list() == ["a"]  # b has 2 events, c has 1
    assert fold.train.histories().lengths().tolist() == [3, 2, 1]
    assert fold.test.histories.lengths().tolist() == [3]
    assert fold.test.now.tolist() == [3]  # asked for just when the first of them happens
    assert fold.test.n_relevant().sum() + fold.test.unknown.sum() == 2


def test_validation_holds_out_the_events_before() -> None:
    fold = next(LastN(1, validation_share=0.999).split(DATASET))
    assert fold.validation is not None
    assert fold.test.users.to_list() == ["a", "b"]
    assert fold.validation.test.users.to_list() == ["a"]
    assert fold.validation.test.now.tolist() == [3]


def test_a_share_of_users() -> None:
    rows = [(f"u{u}", f"i{i}", i) for u in range(400) for i in range(3)]
    dataset = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id", "time"], orient="row"))
    folds = [next(LastN(1, user_share=0.25, validation_share=0, rng=seed).split(dataset)) for seed in (0, 0, 1)]
    assert 70 < len(folds[0].test) < 130
    assert folds[0].test.users.equals(folds[1].test.users)
    assert not folds[0].test.users.equals(folds[2].test.users)


def test_an_event_on_two_invoices_of_one_minute_is_not_learned_when_it_is_asked_for() -> None:
    rows = [("a", "x", 1), ("a", "post", 9), ("a", "post", 9), ("b", "post", 9), ("b", "post", 9)]
    dataset = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id", "time"], orient="row"))
    fold = next(LastN(1, validation_share=0).split(dataset))
    assert fold.test.users.to_list() == ["a"]  # b has nothing else, so b stays in training
    assert fold.train.histories().lengths().tolist() == [1, 2]


def test_n_below_one_is_refused() -> None:
    with pytest.raises(BadKnob, match=r"LastN.n must be >= 1, got 0"):
        LastN(0)
