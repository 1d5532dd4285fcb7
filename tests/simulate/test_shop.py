"""The simulated shop: equal knobs give equal events, and what it says of itself is true."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY, instant
from slatewright.core.errors import BadKnob
from slatewright.simulate import SimulatedShop, Simulation, simulate


@pytest.fixture(scope="module")
def shop() -> SimulatedShop:
    return simulate(Simulation(users=500, items=200, days=90))


@pytest.fixture(scope="module")
def dirty() -> SimulatedShop:
    return simulate(Simulation(users=500, items=200, days=90, dirt=0.01))


def test_equal_knobs_give_equal_shops_and_another_seed_another_shop(shop: SimulatedShop) -> None:
    again = simulate(Simulation(users=500, items=200, days=90))
    other = simulate(Simulation(users=500, items=200, days=90, rng=1))
    assert again.events.equals(shop.events)
    assert again.items.equals(shop.items)
    assert not other.events.equals(shop.events)


def test_every_event_names_a_known_user_and_item_within_the_days(shop: SimulatedShop) -> None:
    start = instant("2024-01-01")
    times = shop.events["time"].dt.timestamp("us")
    assert shop.events["user_id"].is_in(shop.users["user_id"].implode()).all()
    assert shop.events["item_id"].is_in(shop.items["item_id"].implode()).all()
    assert times.is_sorted()
    assert times.is_between(start, start + 90 * MICROSECONDS_PER_DAY, closed="left").all()
    assert shop.events["event_id"].n_unique() == shop.events.height


def test_people_view_more_than_they_put_into_the_cart_and_that_more_than_they_purchase(shop: SimulatedShop) -> None:
    counts = dict(shop.events["kind"].value_counts().iter_rows())
    assert counts["view"] > 3 * counts["cart"] > 3 * counts["purchase"] > 300


def test_every_cart_and_purchase_follows_a_view_in_the_same_visit(shop: SimulatedShop) -> None:
    first = shop.events.group_by("session_id", "item_id", "kind").agg(pl.col("time").min())
    views = first.filter(pl.col("kind") == "view")
    later = first.filter(pl.col("kind") != "view").join(views, on=["session_id", "item_id"], how="left", suffix="_view")
    assert (later["time"] > later["time_view"]).all()
    assert later["time_view"].null_count() == 0


def test_preferences_are_distributions_and_people_follow_them(shop: SimulatedShop) -> None:
    preferences = shop.truth.preferences(np.arange(500, dtype=np.int32))
    np.testing.assert_allclose(preferences.sum(axis=1), 1)
    rank = {item: row for row, item in enumerate(shop.items["item_id"])}
    events = shop.events.filter(pl.col("kind") == "view")
    users = events["user_id"].str.slice(1).cast(pl.Int64).to_numpy()
    items = events["item_id"].replace_strict(rank, return_dtype=pl.Int64).to_numpy()
    shuffled = np.random.default_rng(0).permutation(users)
    assert preferences[users, items].mean() > 2 * preferences[shuffled, items].mean()


def test_some_items_are_launched_later_and_are_not_seen_before(shop: SimulatedShop) -> None:
    first = shop.events.group_by("item_id").agg(pl.col("time").min())["time"]
    late = int((first.dt.month() > 1).sum())
    assert 0.1 < late / first.len() < 0.6


def test_dirt_is_counted(shop: SimulatedShop, dirty: SimulatedShop) -> None:
    dirt = dict(dirty.truth.dirt)
    labels = dirty.events.filter(~pl.col("item_id").is_in(dirty.items["item_id"].implode()))
    years = dirty.events["time"].dt.year()
    near = dirty.events["event_id"].str.ends_with("-again").sum()
    assert shop.truth.dirt == {}
    assert dirty.events.filter(pl.col("user_id") == "crawler").height == dirt["robot views"]
    assert dirty.events.filter(pl.col("quantity") < 0).height == dirt["returns"]
    assert years.is_in([1970, 2200]).sum() == dirt["impossible times"]
    assert near == dirt["near duplicates"]
    assert dirty.events.height - dirty.events["event_id"].n_unique() == dirt["exact duplicates"]
    assert labels.filter(pl.col("event_id").str.contains("-").not_()).height >= dirt["labels"] * 0.9


def test_a_return_is_nine_days_after_its_purchase(dirty: SimulatedShop) -> None:
    returns = dirty.events.filter(pl.col("quantity") < 0).with_columns(
        event_id=pl.col("event_id").str.strip_suffix("-return")
    )
    both = returns.join(dirty.events.unique("event_id"), on="event_id", suffix="_bought")
    assert both.height == returns.height
    assert (both["quantity"] == -both["quantity_bought"]).all()
    assert ((both["time"] - both["time_bought"]).dt.total_days() == 9).all()


def test_one_user_one_item_one_day_is_a_shop() -> None:
    tiny = simulate(Simulation(users=1, items=1, days=1, visits_per_user=50, tastes=1))
    assert tiny.events["item_id"].n_unique() == 1
    assert tiny.events.height > 1


def test_a_knob_out_of_range_is_named() -> None:
    with pytest.raises(BadKnob, match=r"Simulation\.users must be >= 1, got 0"):
        Simulation(users=0)


def test_written_files_are_read_back_as_they_were(dirty: SimulatedShop, tmp_path: Path) -> None:
    events, items, users = dirty.write(tmp_path / "export")
    back = pl.read_csv(events, schema_overrides={"time": pl.Datetime("us", "UTC")})
    assert back.select("user_id", "item_id", "kind", "session_id").equals(
        dirty.events.select("user_id", "item_id", "kind", "session_id")
    )
    assert ((back["time"] - dirty.events["time"]).dt.total_microseconds().abs() < 1000).all()
    assert pl.read_csv(items).equals(dirty.items)
    assert pl.read_csv(users)["user_id"].equals(dirty.users["user_id"])
