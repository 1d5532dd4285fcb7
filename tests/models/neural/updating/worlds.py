"""A town whose tastes shift: what half of its users take later is not what they took before."""

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame
from slatewright.data.dataset import Dataset, dataset_of

SINCE = 1_000  # µs: older events are before, recent ones from here on
KINDS = 4  # of items, and of tastes


def older(n_users: int = 80, n_items: int = 40) -> Frame:
    """Everybody takes about two thirds of the items of one kind: item i is of kind i % 4, a user's is u % 4."""
    user, item = np.divmod(np.arange(n_users * n_items), n_items)
    taken = (user % KINDS == item % KINDS) & (np.random.default_rng(0).random(len(user)) < 0.7)
    return events(user[taken], item[taken], np.arange(int(taken.sum())) % SINCE)


def recent(n_users: int = 80, n_items: int = 40) -> Frame:
    """Everybody takes about two thirds of the next kind."""
    user, item = np.divmod(np.arange(n_users * n_items), n_items)
    taken = ((user + 1) % KINDS == item % KINDS) & (np.random.default_rng(1).random(len(user)) < 0.7)
    return events(user[taken], item[taken], SINCE + np.arange(int(taken.sum())))


def regrouped(n_users: int = 80, n_items: int = 40) -> Frame:
    """Newcomers take about two thirds of the items of one shelf: item i lies on shelf i // 10."""
    user, item = np.divmod(np.arange(n_users * n_items), n_items)
    taken = (user % KINDS == item // (n_items // KINDS)) & (np.random.default_rng(2).random(len(user)) < 0.7)
    return events(100 + user[taken], item[taken], SINCE + np.arange(int(taken.sum())))


def newcomers(item: int = 991) -> Frame:
    """A stranger, u990, takes what kind 0 does, and takers of kind 1 take an item that there was not."""
    takers = np.arange(1, 61, 4)
    stranger = events(np.full(4, 990), np.arange(0, 16, 4), SINCE + np.arange(4))
    return pl.concat([stranger, events(takers, np.full(len(takers), item), SINCE + takers)])


def walks(n_users: int, ring: range, length: int, start: int) -> Frame:
    """Users walk around a ring of items, each from a place of its own, one item a µs."""
    user, step = np.divmod(np.arange(n_users * length), length)
    return events(user, ring.start + (7 * user + step) % len(ring), start + step)


def events(user: Array, item: Array, time: Array) -> Frame:
    """Events of numbered users and items."""
    return pl.DataFrame(
        {"user_id": [f"u{one:03d}" for one in user], "item_id": [f"i{one:03d}" for one in item], "time": time},
        schema_overrides={"time": pl.Int64},
    )


def town(*parts: Frame) -> Dataset:
    """All of them."""
    return dataset_of(pl.concat(parts))


def told(*parts: Frame) -> Dataset:
    """All of them, with what is known: of which kind an item is and how much sugar it has, where a user lives."""
    rows = pl.concat(parts)
    item, user = (rows.select(name).unique().sort(name) for name in ("item_id", "user_id"))
    number, house = item["item_id"].str.slice(1).cast(pl.Int64), user["user_id"].str.slice(1).cast(pl.Int64)
    items = item.with_columns(kind=pl.format("k{}", number % KINDS), sugar=number % 3)
    return dataset_of(rows, item_facts=items, user_facts=user.with_columns(side=pl.format("side {}", house % 2)))
