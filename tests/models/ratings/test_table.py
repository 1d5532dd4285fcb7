"""The table of ratings: the last word counts, only ratings count, and the scale goes both ways."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models.ratings.table import Ratings, Scale, check_pairs, last_ratings


def test_the_last_rating_of_a_pair_counts_and_views_do_not() -> None:
    events = pl.DataFrame(
        {
            "user_id": ["a", "a", "a", "b"],
            "item_id": ["x", "x", "y", "y"],
            "kind": ["rating", "rating", "view", "rating"],
            "value": [1.0, 5.0, 1.0, 3.0],
            "time": [1, 2, 3, 4],
        }
    )
    dataset = dataset_of(events)
    ratings = Ratings.of(dataset)
    assert ratings.offsets.tolist() == [0, 1, 2]
    assert [dataset.items.name(int(item)) for item in ratings.items] == ["x", "y"]
    assert ratings.scale.outside(ratings.values).tolist() == [5, 3]
    assert (ratings.scale.low, ratings.scale.high) == (3, 5)


def test_by_item_holds_the_same_ratings() -> None:
    histories = Histories.of([[2, 0], [], [2]], values=[[1, 2], [], [4]])
    ratings = Ratings.read(histories, 3, Scale(0, 1, 1, 4))
    flipped = ratings.flipped()
    assert flipped.offsets.tolist() == [0, 1, 1, 3]
    assert flipped.items.tolist() == [0, 0, 2]
    assert flipped.values.tolist() == [2, 1, 4]
    assert ratings.users().tolist() == [0, 0, 2]


def test_histories_without_values_hold_no_ratings() -> None:
    assert len(last_ratings(Histories.of([[1, 2], [0]]), 3).items) == 0


def test_a_scale_there_and_back() -> None:
    values = np.array([1, 2, 5], dtype=np.float32)
    scale = Scale.read(Scale.of(values).array())
    inside = scale.inside(values)
    assert float(inside.mean()) == pytest.approx(0, abs=1e-6)
    assert float(inside.std()) == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(scale.outside(inside), values, rtol=1e-6)
    assert scale.clipped(np.array([-3, 9], np.float32)).tolist() == [1, 5]


@pytest.mark.parametrize("value", [0.0, 3.0, 1e12, -1e12])
def test_equal_ratings_have_a_scale(value: float) -> None:
    scale = Scale.of(np.full(4, value, np.float32))
    assert scale.spread == 1
    assert np.abs(scale.inside(np.full(4, value, np.float32))).max() < 1e-3


def test_no_ratings_have_a_scale() -> None:
    assert Scale.of(np.empty(0, np.float32)) == Scale(0, 1, 0, 0)


@pytest.mark.parametrize(
    ("rows", "items", "complaint"),
    [
        ([0], [3], "items must be indices from 0 to 2, got 3"),
        ([0], [-1], "items must be indices from 0 to 2, got -1"),
        ([2], [0], "rows must be indices from 0 to 1, got 2"),
        ([0, 1], [0], "as many rows as items, got 2 and 1"),
        ([0.5], [0], "rows must be whole numbers, got float64"),
    ],
)
def test_a_pair_that_does_not_exist_is_refused(rows: list[float], items: list[int], complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        check_pairs(np.array(rows), np.array(items), n_rows=2, n_items=3)


def test_a_history_with_an_item_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match="item indices from 0 to 2"):
        last_ratings(Histories.of([[0, 3]], values=[[1.0, 2.0]]), 3)
