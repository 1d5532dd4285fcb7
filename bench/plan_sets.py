"""The data sets that plans are held against: drawn ones with long tails on both sides, and real ones of every form."""

from collections.abc import Callable, Mapping
from functools import partial

import full_ranking
import numpy as np
import polars as pl
from fact_worlds import movie_facts, online_retail_lines

from slatewright.core.arrays import Array, Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.dataset import Dataset, dataset_of

DATA = full_ranking.DATA
WORDS = 2_000
KINDS, SHARES = ("view", "cart", "purchase"), (0.7, 0.1, 0.2)
DAYS, MINUTE = 400, 60_000_000


def ratings(n_users: int, n_items: int, n_events: int, *, rng: int = 0) -> Dataset:
    """One rating per pair of user and item; five words and a category per item."""
    draw = np.random.default_rng(rng)
    events = pl.DataFrame(
        {
            "user_id": (n_users * draw.random(n_events) ** 2).astype(np.int64).astype(str),
            "item_id": (n_items * draw.random(n_events) ** 3).astype(np.int64).astype(str),
            "value": draw.integers(1, 6, n_events).astype(np.float32),
            "time": draw.integers(0, 10**15, n_events),
        }
    )
    distinct = events.unique(["user_id", "item_id"], keep="first", maintain_order=True)
    return dataset_of(distinct, item_facts=titles(n_items, draw))


def orders(n_users: int, n_items: int, n_events: int, *, rng: int = 0) -> Dataset:
    """Visits of five events in the mean: views, carts, purchases, each user's from a shelf of a few items."""
    draw = np.random.default_rng(rng)
    visit = np.sort(draw.integers(0, n_events // 5, n_events))
    n_visits = int(visit[-1]) + 1
    user = (n_users * draw.random(n_visits) ** 2).astype(np.int64)[visit]
    shelf = (n_items * draw.random((n_users, 40)) ** 3).astype(np.int64)
    begin = np.sort(draw.integers(0, DAYS * MICROSECONDS_PER_DAY, n_visits))[visit]
    events = pl.DataFrame(
        {
            "user_id": user.astype(str),
            "item_id": shelf[user, draw.integers(0, 40, n_events)].astype(str),
            "kind": np.array(KINDS)[draw.choice(3, n_events, p=SHARES)],
            "time": begin + MINUTE * draw.integers(0, 20, n_events),
        }
    )
    return dataset_of(events.sort("time"), item_facts=titles(n_items, draw))


def titles(n_items: int, draw: np.random.Generator) -> Frame:
    words: Array = draw.integers(0, WORDS, (n_items, 5)).astype(str)
    return pl.DataFrame(
        {
            "item_id": np.arange(n_items).astype(str),
            "title": [" ".join("w" + word for word in row) for row in words],
            "category": ["c" + str(at % 40) for at in range(n_items)],
        }
    )


def ml1m() -> Dataset:
    """All ratings, titles and genres."""
    events = pl.read_parquet(DATA / "ml1m" / "ratings.parquet").select(
        pl.col("user_id").cast(pl.String),
        pl.col("movie_id").cast(pl.String).alias("item_id"),
        pl.lit("rating").alias("kind"),
        pl.col("rating").cast(pl.Float32).alias("value"),
    )
    return dataset_of(events, item_facts=movie_facts(pl.read_parquet(DATA / "ml1m" / "movies.parquet")))


def online_retail() -> Dataset:
    """Every line of every invoice, as a purchase."""
    events, facts = online_retail_lines(DATA)
    return dataset_of(events.with_columns(kind=pl.lit("purchase")), item_facts=facts)


def groceries() -> Dataset:
    """Every basket is a user."""
    rows = pl.read_parquet(DATA / "groceries" / "baskets.parquet").explode("items")
    return dataset_of(rows.select(user_id="basket", item_id="items").cast(pl.String))


def ranking(name: str) -> Dataset:
    return full_ranking.load(name).train


SETS: Mapping[str, Callable[[], Dataset]] = {
    "tiny": partial(ratings, 300, 200, 4_000),
    "small": partial(ratings, 20_000, 4_000, 500_000),
    "middle": partial(ratings, 50_000, 7_000, 1_200_000),
    "large": partial(ratings, 100_000, 12_000, 2_500_000),
    "many ids": partial(ratings, 100_000, 50_000, 200_000),
    "some ids": partial(ratings, 40_000, 30_000, 60_000),
    "tiny orders": partial(orders, 300, 200, 4_000),
    "orders": partial(orders, 30_000, 5_000, 500_000),
    "many orders": partial(orders, 100_000, 20_000, 2_500_000),
    "gowalla": partial(ranking, "gowalla"),
    "taobao": partial(ranking, "taobao_behaviors"),
    "ml1m": ml1m,
    "online_retail": online_retail,
    "groceries": groceries,
}
