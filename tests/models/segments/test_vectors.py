"""Users and items as points."""

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.models.segments.spaces import EventSpace, has_facts, nearest, read_facts, unit
from slatewright.models.segments.vectors import event_space, fact_vectors, facts_model
from slatewright.testing.worlds import two_tastes


def test_with_all_dimensions_the_points_are_the_weighted_rows_themselves() -> None:
    dataset = dataset_of(two_tastes())
    space, _ = event_space(dataset, dataset.n_items, 0)
    taken = np.log1p(dataset.matrix().toarray())
    users = (taken > 0).sum(axis=0)
    rows = taken * np.log1p(dataset.n_users / users)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    points = space.of(dataset.histories())
    np.testing.assert_allclose(points @ points.T, rows @ rows.T, atol=1e-3)


def test_items_of_one_taste_lie_together() -> None:
    dataset = dataset_of(two_tastes())
    _, items = event_space(dataset, 2, 0)
    taste = np.array([int(name[1:]) % 2 for name in dataset.items])
    alike = items @ items.T
    assert alike[taste[:, None] == taste].min() > 0.9 > 0.5 > alike[taste[:, None] != taste].max()


def test_a_visitor_lies_where_a_customer_with_the_same_events_lies() -> None:
    dataset = dataset_of(two_tastes())
    space, _ = event_space(dataset, 3, 0)
    items = dataset.histories().items_of(4)
    np.testing.assert_allclose(space.of(Histories.of([items]))[0], space.of(dataset.histories())[4], atol=1e-6)
    assert not space.of(Histories.of([[], [0]], [[], [-2.0]])).any()


def test_points_have_length_one_or_none() -> None:
    np.testing.assert_allclose(unit(np.array([[3, 4], [0, 0]], np.float32)), np.array([[0.6, 0.8], [0, 0]]))


def test_ties_go_to_the_earlier_centroid() -> None:
    centroids = np.array([[1, 0], [-1, 0], [1, 0]], np.float32)
    assert nearest(np.array([[0, 5], [2, 0], [-2, 0]], np.float32), centroids).tolist() == [0, 0, 1]


def test_nothing_taken_gives_no_direction() -> None:
    dataset = dataset_of(pl.DataFrame({"user_id": ["a"], "item_id": ["x"], "value": [1.0]}), weights={"interaction": 0})
    space, items = event_space(dataset, 4, 0)
    assert isinstance(space, EventSpace)
    assert not items.any()


def test_facts_as_rows_of_mean_squared_distance_one() -> None:
    facts = pl.DataFrame({"age": [20.0, 30.0, 40.0, None], "street": ["a", "b", "b", None]})
    known = has_facts(facts, 4)
    assert known.tolist() == [True, True, True, False]
    model = facts_model(facts, known)
    assert model is not None
    rows = fact_vectors(model, facts, known)[known]
    assert np.square(rows - rows.mean(axis=0)).sum(axis=1).mean() == pytest.approx(1, rel=1e-5)
    assert read_facts(model, pl.DataFrame({"age": [30.0]})).shape == (1, rows.shape[1])


def test_no_facts_no_model() -> None:
    assert facts_model(pl.DataFrame(), np.zeros(0, np.bool_)) is None
    facts = pl.DataFrame({"age": [None, None]}, schema={"age": pl.Float64})
    assert facts_model(facts, has_facts(facts, 2)) is None
