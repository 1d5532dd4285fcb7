"""What training knows of items."""

import numpy as np
import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.evaluate.items_known import ItemsKnown

EVENTS = pl.DataFrame({"user_id": list("aaabbc"), "item_id": list("xxyxyz"), "time": range(6)})
KNOWN = ItemsKnown(dataset_of(EVENTS, item_facts=pl.DataFrame({"item_id": ["w"], "category": ["Toys"]})))


def test_a_user_who_took_an_item_twice_counts_once() -> None:
    assert KNOWN.takers.tolist() == [0, 2, 2, 1]  # w, x, y, z
    assert KNOWN.n_users == 3
    assert KNOWN.information.tolist() == (-np.log2([1 / 3, 2 / 3, 2 / 3, 1 / 3])).tolist()


def test_items_that_the_same_users_take_point_the_same_way() -> None:
    unit = KNOWN.vectors / np.maximum(1e-9, np.linalg.norm(KNOWN.vectors, axis=1, keepdims=True))
    assert unit[1] @ unit[2] > 0.99
    assert abs(unit[1] @ unit[3]) < 0.01
    assert not KNOWN.vectors[0].any()


def test_a_shop_in_which_nothing_happened_has_vectors_of_nothing() -> None:
    empty = dataset_of(EVENTS.clear(), item_facts=pl.DataFrame({"item_id": ["w"]}))
    assert not ItemsKnown(empty).vectors.any()
    assert ItemsKnown(empty).n_users == 1
