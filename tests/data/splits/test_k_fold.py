"""Every rating is test once."""

import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.data.splits import KFold

ROWS = [(f"u{u}", f"i{i}", float(1 + (u * i) % 5)) for u in range(20) for i in range(10)]
DATASET = dataset_of(pl.DataFrame(ROWS, schema=["user_id", "item_id", "value"], orient="row"))


def test_the_parts_are_even_disjoint_and_complete() -> None:
    folds = list(KFold(4, validation_share=0).split(DATASET))
    assert [len(fold.train.interactions) for fold in folds] == [150, 150, 150, 150]
    held_out = [
        (user, fold.test.items.name(int(item)))
        for fold in folds
        for case, user in enumerate(fold.test.users)
        for item in fold.test.relevant_of(case)
    ]
    assert sorted(held_out) == sorted((user, item) for user, item, _ in ROWS)


def test_ratings_travel_with_the_items() -> None:
    fold = next(KFold(4).split(DATASET))
    truth = {(user, item): value for user, item, value in ROWS}
    for case, user in enumerate(fold.test.users):
        start, stop = fold.test.offsets[case : case + 2]
        for item, value in zip(fold.test.relevant_of(case), fold.test.values[start:stop], strict=True):
            assert truth[user, fold.test.items.name(int(item))] == value


def test_a_tenth_of_training_is_validation() -> None:
    fold = next(KFold(2, validation_share=0.1).split(DATASET))
    assert fold.validation is not None
    assert len(fold.validation.train.interactions) == 90
    assert fold.validation.test.n_relevant().sum() == 10
