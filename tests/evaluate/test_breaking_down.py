"""Evaluations by segments, with known answers."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput, NotThere
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import Cases, Fold, cases_of
from slatewright.evaluate import By, evaluate
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.models import ItemLists

QUICK = Bootstrap(resamples=30)
USERS = [f"u{at:02}" for at in range(20)]
SOUTH = pl.DataFrame({"user_id": USERS, "country": ["North", "South"] * 10})
ITEMS = pl.DataFrame({"item_id": list("abcdef"), "category": ["Bath", "Bath", "Toys", "Toys", "Toys", "Pets"]})


def fold() -> Fold:
    """Everybody took a and then, in the test part, b (Bath) and c (Toys)."""
    first = pl.DataFrame({"user_id": USERS, "item_id": "a", "time": 1})
    others = pl.DataFrame({"user_id": "x", "item_id": list("bcdef"), "time": 1})
    then = pl.concat([pl.DataFrame({"user_id": USERS, "item_id": item, "time": 9}) for item in "bc"])
    train = dataset_of(pl.concat([first, others]), as_of=5, item_facts=ITEMS, user_facts=SOUTH)
    later = dataset_of(pl.concat([first, others, then]), item_facts=ITEMS, user_facts=SOUTH)
    return Fold(train, cases_of(train, later, later.interactions.time >= 5, as_of=5))


def north_only(cases: Cases, k: int) -> ItemLists:
    """b and f for the North, f and d for the South."""
    north = (cases.histories.facts["country"] == "North").to_numpy() if cases.histories.facts is not None else None
    items = np.where(np.asarray(north)[:, None], [[1, 5]], [[5, 3]]).astype(np.int32)
    return ItemLists(items, np.zeros(items.shape, np.float32), np.full(len(items), 2))


FOUND = evaluate(
    {"north": north_only}, fold(), k=2, bootstrap=QUICK, by=By(users=("country",), items=("category", "popularity"))
)


def test_users_who_are_served_badly_are_seen() -> None:
    north, south = FOUND.by("country").groups
    assert (north.name, north.users, south.name, south.users) == ("North", 10, "South", 10)
    assert north.of("north").metrics["recall"].value == 0.5
    assert south.of("north").metrics["recall"].value == 0
    assert set(north.of("north").metrics) == set(FOUND.groups[0].of("north").metrics)


def test_items_that_get_no_place_are_seen() -> None:
    groups = {group.name: group for group in FOUND.by("category").groups}
    assert groups["Bath"].meaning == "33% of items, 50% of what was taken"
    assert groups["Bath"].of("north").metrics["recall"].value == 0.5
    assert groups["Toys"].of("north").metrics["recall"].value == 0
    assert groups["Bath"].of("north").metrics["exposure"].value == 0.25
    assert groups["Pets"].of("north").metrics["exposure"].value == 0.5


def test_nobody_took_anything_of_a_segment_so_only_its_places_are_told() -> None:
    pets = next(group for group in FOUND.by("category").groups if group.name == "Pets")
    assert pets.users == 0
    assert set(pets.of("north").metrics) == {"exposure"}
    assert pets.of("north").lead["exposure"].value == pytest.approx(
        0.5 - pets.of("popularity").metrics["exposure"].value
    )


def test_exposures_of_segments_that_do_not_overlap_add_up_to_one() -> None:
    for fact in ("category", "popularity"):
        shares = [group.of("north").metrics["exposure"].value for group in FOUND.by(fact).groups]
        assert sum(shares) == pytest.approx(1)


def test_what_is_not_there_says_what_is() -> None:
    with pytest.raises(NotThere, match="no breakdown by 'city'; there is one by: country, category, popularity"):
        FOUND.by("city")
    with pytest.raises(BadInput, match="users can be told apart by history_length, country; got 'city'"):
        evaluate({}, fold(), k=2, by=By(users=("city",)))
