"""Items that training knows by their facts alone."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import WarmItems, warm_items

ROWS = [(f"u{u:02}", f"i{(u * t) % 20:02}", t) for u in range(30) for t in range(1, 8)] + [("alone", "rare", 0)]
FACTS = pl.DataFrame({"item_id": [f"i{at:02}" for at in range(21)], "size": range(21)})
DATASET = dataset_of(pl.DataFrame(ROWS, schema=["user_id", "item_id", "time"], orient="row"), item_facts=FACTS)


def test_test_items_have_facts_and_no_events_in_training() -> None:
    fold = next(WarmItems(test_share=0.3).split(DATASET))
    asked = warm_items(fold)
    sold = np.bincount(fold.train.interactions.item, minlength=fold.train.n_items)
    assert 4 <= len(asked) <= 6  # a test item of users who took nothing else is not asked for
    assert (sold[asked] == 0).all()
    assert fold.train.items is DATASET.items
    assert fold.train.item_facts.height == fold.train.n_items == 22
    assert not fold.test.hot[asked].any()
    lost = np.isin(DATASET.interactions.item, asked).sum()
    assert len(fold.train.interactions) <= len(DATASET.interactions) - lost


def test_everybody_asked_has_a_history_and_finds_test_items_only() -> None:
    fold = next(WarmItems(test_share=0.3).split(DATASET))
    assert (fold.test.histories.lengths() > 0).all()
    assert (fold.test.n_relevant() > 0).all()
    assert np.isin(fold.test.relevant, warm_items(fold)).all()


def test_validation_lies_inside_training() -> None:
    fold = next(WarmItems().split(DATASET))
    assert fold.validation is not None
    inner = warm_items(fold.validation)
    assert not np.isin(inner, warm_items(fold)).any()
    assert next(WarmItems(validation_share=0).split(DATASET)).validation is None


def test_an_item_with_few_events_is_never_test() -> None:
    fold = next(WarmItems(test_share=0.9, validation_share=0).split(DATASET))
    assert DATASET.items.find("rare") not in warm_items(fold).tolist()
    with pytest.raises(BadInput, match="least_events must be at most"):
        next(WarmItems(least_events=1000).split(DATASET))


def test_it_needs_somebody_who_took_something_else() -> None:
    alone = dataset_of(pl.DataFrame([("u", "a"), ("v", "b")], schema=["user_id", "item_id"], orient="row"))
    with pytest.raises(BadInput, match="nobody who took a test item took another one"):
        next(WarmItems(least_events=1).split(alone))


def test_the_same_seed_gives_the_same_items() -> None:
    one, same, other = (warm_items(next(WarmItems(rng=rng).split(DATASET))) for rng in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert one.tolist() != other.tolist()
