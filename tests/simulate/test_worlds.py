"""The small worlds: their right answers are right."""

import polars as pl
import pytest

from slatewright.simulate import World, checkerboard, town_of_two_tastes


def seen(world: World, user: str) -> set[str]:
    return set(world.events.filter(pl.col("user_id") == user)["item_id"])


def test_checkerboard_holds_back_the_diagonal() -> None:
    world = checkerboard(6)
    assert seen(world, "u02") == {"i00", "i04"}
    assert seen(world, "u03") == {"i01", "i05"}
    assert world.answers["u02"] == {"i02"}
    assert len(world.answers) == 6


def test_a_large_checkerboard_has_wider_names() -> None:
    assert "u119" in checkerboard(120).answers


@pytest.mark.parametrize("rng", range(3))
def test_town_answers_are_the_unseen_rest_of_the_own_half(rng: int) -> None:
    world = town_of_two_tastes(rng=rng)
    tea, coffee = world.answers["u00"], world.answers["u01"]
    assert all(item.startswith("tea-") for item in tea)
    assert all(item.startswith("coffee-") for item in coffee)
    assert not tea & seen(world, "u00")
    assert len(tea | {item for item in seen(world, "u00") if item.startswith("tea-")}) == 12
    assert {"tea-00", "coffee-01"} <= seen(world, "u00") & seen(world, "u01")


def test_nobody_else_crosses_the_town() -> None:
    world = town_of_two_tastes(users=10, items=10)
    crossing = {item for item in seen(world, "u04") if item.startswith("coffee-")}
    assert crossing == {"coffee-01"}
