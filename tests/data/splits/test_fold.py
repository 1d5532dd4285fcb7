"""Folds: the training part knows nothing of the rest."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from slatewright.data.splits.fold import fold_of, part_of

EVENTS = pl.DataFrame({"user_id": ["a", "a", "b", "c"], "item_id": ["x", "y", "x", "z"], "time": [1, 9, 2, 8]})
FACTS = pl.DataFrame({"item_id": ["w", "x", "y", "z"], "price": [1.0, 2.0, 3.0, 4.0]})
DATASET = dataset_of(EVENTS, item_facts=FACTS, version="v7")
EARLY = DATASET.interactions.time < 5


def test_ids_that_appear_only_later_have_no_index() -> None:
    early = part_of(DATASET, EARLY, 5)
    assert list(early.users) == ["a", "b"]
    assert list(early.items) == ["w", "x"]  # w never had an event: known by its facts
    assert early.item_facts["price"].to_list() == [1.0, 2.0]
    assert (early.as_of, early.version) == (5, "v7 part")


def test_a_part_equals_the_data_set_of_those_events_alone() -> None:
    early = part_of(DATASET, EARLY, 5)
    alone = dataset_of(EVENTS.filter(pl.col("time") < 5), item_facts=FACTS.filter(pl.col("item_id").is_in(["w", "x"])))
    for column in ("user", "item", "kind", "value", "weight", "time"):
        assert np.array_equal(getattr(early.interactions, column), getattr(alone.interactions, column))
    assert early.items.names.equals(alone.items.names)


@pytest.mark.parametrize(("train", "part"), [(np.zeros(4, bool), "training"), (np.ones(4, bool), "test")])
def test_an_empty_part_is_an_error_that_says_which(train: np.ndarray, part: str) -> None:
    with pytest.raises(BadInput, match=f"the {part} part of the split is empty: 4 events, from 1970-01-01"):
        fold_of(DATASET, train, ~train)
