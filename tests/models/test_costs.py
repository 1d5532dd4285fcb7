"""Sizes counted by hand."""

from dataclasses import asdict

import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.models.costs import WORK_KINDS, Costed, Size
from slatewright.models.popularity import Popularity


def test_a_size_counts_events_pairs_and_squares() -> None:
    rows = [("u1", "a"), ("u1", "a"), ("u1", "b"), ("u2", "a")]
    events = pl.DataFrame(rows, schema=["user_id", "item_id"], orient="row")
    counted = Size(2, 2, 4, 3, 2**2 + 1**2, 2**2 + 1**2, 4, 4, 2, 3**2 + 1**2, items_by_events=(1, 1))
    assert Size.of(dataset_of(events)) == counted


def test_ratings_are_events_of_that_kind() -> None:
    rows = [("u1", "a", "rating"), ("u1", "b", "view")]
    events = pl.DataFrame(rows, schema=["user_id", "item_id", "kind"], orient="row")
    assert Size.of(dataset_of(events)).n_ratings == 1


def test_what_is_not_there_yet_is_guessed_in_every_part() -> None:
    guessed = asdict(Size.guess(n_users=1000, n_items=100, n_events=50_000))
    by_events = guessed.pop("items_by_events")
    assert all(value > 0 for value in guessed.values())
    assert 90 <= sum(by_events) <= 100
    assert sum(count * 2**at for at, count in enumerate(by_events)) <= 50_000


def test_nothing_has_a_size_too() -> None:
    nothing = pl.DataFrame(schema={"user_id": pl.String, "item_id": pl.String})
    assert Size.of(dataset_of(nothing)) == Size(0, 0, 0, 0, 0.0, 0.0, 0)


def test_an_estimator_says_its_cost_in_known_kinds_of_work() -> None:
    estimator = Popularity(half_life_days=3)
    assert isinstance(estimator, Costed)
    cost = estimator.cost(Size(10, 20, 300, 200, 1e4, 1e4, 0))
    assert cost.memory > 0
    assert set(cost.work) <= set(WORK_KINDS)
