"""A shop of a few items with facts of every type, some of them not known."""

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import polars as pl

from slatewright.core.arrays import Index
from slatewright.core.clock import instant
from slatewright.data.dataset import dataset_of
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.policy import Condition
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.request import Request
from slatewright.pipeline.sources import PopularSource
from slatewright.pipeline.world import World

NOW = instant("2026-03-04T15:30:00Z")  # a Wednesday


def _march(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


ITEMS = pl.DataFrame(
    {
        "item_id": [f"i{at}" for at in range(6)],
        "price": [10.0, 20.0, None, 40.0, 0.0, 60.0],
        "cost": [5, 30, 7, None, 0, 60],
        "brand": ["Alba", "Brio", None, "Alba", "Coda", "brio"],
        "category": ["tea|gift", "tea", "coffee", None, "coffee|gift", "cup"],
        "adult": [False, True, None, False, True, False],
        "markets": [["DE", "AT"], ["DE"], [], None, ["FR"], ["FR", "DE"]],
        "tags": ["new;sale", "", None, "sale", "Coda|new", "new"],
        "released": [_march(1), _march(2), _march(3), None, _march(4) - timedelta(400), _march(4)],
        "launched": ["2026-03-01", "soon", None, "2020-01-01T00:00:00Z", "2026-12-24", "2026-03-04"],
        "odd name": [1, 2, 3, 4, 5, 6],
        "stock": [3, 0, 5, None, 1, 2],
    }
)  # fmt: skip
USERS = pl.DataFrame(
    {
        "user_id": ["ann", "bob"],
        "country": ["DE", None],
        "budget": [25.0, None],
        "blocked": ["Alba|Coda", None],
        "likes": [["tea", "cup"], None],
        "member": [True, None],
        "drinks": ["tea|coffee", None],
        "came": pl.Series([_march(1), None]).dt.convert_time_zone("Asia/Tokyo"),
        "born": [datetime(1990, 1, 1, tzinfo=UTC), None],
    }
)


@cache
def small_pipeline() -> Pipeline:
    """Six items, of which Ann took the first two; Bob never came."""
    events = pl.DataFrame({"user_id": ["ann", "ann"], "item_id": ["i0", "i1"], "time": [NOW - 10, NOW - 5]})
    dataset = dataset_of(events, as_of=NOW, item_facts=ITEMS, user_facts=USERS)
    return Pipeline.fit(Recipe(estimators={}, sources=(PopularSource(),)), dataset)


def small_world() -> World:
    """The world of that pipeline; its facts as of training, for every test anew."""
    world = small_pipeline().world
    return World(
        world.catalogue, world.known, world.models, world.fact_popularity, world.user_facts, world.as_of, world.version
    )


def asked(user: str | None = "ann", surface: str = "home", k: int = 3) -> Query:
    return small_pipeline().query(Request(k, NOW, user, surface=surface, slot="top"))


def all_items() -> Index:
    return np.arange(ITEMS.height, dtype=np.int32)


def true_of(text: str, user: str | None = "ann", world: World | None = None) -> list[int]:
    """The numbers in the names of the items that an expression is true of."""
    world = world or small_world()
    items = world.catalogue.items.locate(ITEMS["item_id"])[0]
    return np.flatnonzero(Condition.of(text, world).mask(asked(user), items)).tolist()
