"""Test users, seen in training or strangers."""

import numpy as np
import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.data.splits import ByUser

ROWS = [(f"u{u:03}", f"i{(u + t) % 12:02}", t) for u in range(300) for t in range(10)] + [("single", "i00", 0)]
DATASET = dataset_of(pl.DataFrame(ROWS, schema=["user_id", "item_id", "time"], orient="row"))


def test_strangers_are_not_in_training_but_bring_their_history() -> None:
    fold = next(ByUser(test_share=0.4, history_share=0.7).split(DATASET))
    strangers = fold.test.users.filter(~fold.test.trained)
    assert 30 < len(strangers) < 90
    assert not set(strangers) & set(fold.train.users)
    assert set(fold.test.users.filter(fold.test.trained)) <= set(fold.train.users)
    assert set(fold.test.histories.lengths()) == {7}
    assert set(fold.test.n_relevant()) == {3}


def test_what_is_to_be_found_is_not_in_training() -> None:
    fold = next(ByUser(test_share=0.4, history_share=0.7, unseen_share=0).split(DATASET))
    assert fold.test.trained.all()
    seen = fold.train.histories()
    index, _ = fold.train.users.locate(fold.test.users)
    for case in range(len(fold.test)):
        assert not np.isin(fold.test.relevant_of(case), seen.items_of(int(index[case]))).any()
        assert np.array_equal(seen.items_of(int(index[case])), fold.test.histories.items_of(case))


def test_a_user_with_one_event_is_never_test() -> None:
    fold = next(ByUser(test_share=0.99).split(DATASET))
    assert "single" not in set(fold.test.users)
    assert "single" in fold.train.users


def test_validation_users_come_from_the_training_part() -> None:
    fold = next(ByUser(validation_share=0.2).split(DATASET))
    assert fold.validation is not None
    assert set(fold.validation.test.users) <= set(fold.train.users)


def test_an_event_that_stands_twice_is_on_one_side() -> None:
    rows = [(f"u{u}", item, t) for u in range(30) for item, t in (("x", 1), ("y", 2), ("post", 9), ("post", 9))]
    dataset = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id", "time"], orient="row"))
    fold = next(ByUser(test_share=0.5, unseen_share=0.5, validation_share=0).split(dataset))
    assert len(fold.test)
    assert (fold.test.histories.lengths() == 2).all()
