import numpy as np
import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models import Known
from slatewright.models.shapes import ItemScores


def shape() -> ItemScores:
    dataset = dataset_of(pl.DataFrame({"user_id": ["u"] * 3, "item_id": ["a", "b", "c"]}))
    return ItemScores(Known(dataset.users, dataset.items, dataset.histories()), np.array([2, 9, 4], dtype=np.float32))


def test_everybody_gets_the_same_scores() -> None:
    assert shape().score(Histories.of([[0], []])).tolist() == [[2, 9, 4], [2, 9, 4]]
    assert shape().score(Histories.of([[0]]), np.array([2, 0], dtype=np.int32)).tolist() == [[4, 2]]


def test_similar_are_the_others_by_score() -> None:
    items, scores = shape().similar(np.array([1], dtype=np.int32), 5)
    assert items.tolist() == [[2, 0]]
    assert scores.tolist() == [[4, 2]]


def test_no_event_of_the_history_is_a_reason() -> None:
    assert shape().reasons(Histories.of([[0, 1]]), 2).tolist() == [0, 0]
