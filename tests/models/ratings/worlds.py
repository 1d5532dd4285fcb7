"""Ratings with a known cause: levels of users and items, and two tastes."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Scores
from slatewright.data.dataset import Dataset, dataset_of

N_USERS, N_ITEMS = 150, 80


@dataclass(frozen=True)
class Asked:
    """Pairs whose ratings were held back, by index of the data set."""

    users: Index
    items: Index
    values: Scores


@cache
def made_ratings() -> Frame:
    """Half of all pairs: 3 + user + item + two tastes + a little noise."""
    rng = np.random.default_rng(4)
    levels = [rng.normal(0, 0.3, n) for n in (N_USERS, N_ITEMS)]
    tastes = [rng.normal(0, 0.8, (n, 2)) for n in (N_USERS, N_ITEMS)]
    exact = 3 + levels[0][:, None] + levels[1] + tastes[0] @ tastes[1].T + rng.normal(0, 0.1, (N_USERS, N_ITEMS))
    user, item = np.nonzero(rng.random((N_USERS, N_ITEMS)) < 0.5)
    return pl.DataFrame(
        {
            "user_id": pl.Series(user).cast(pl.String).str.zfill(3),
            "item_id": pl.Series(item).cast(pl.String).str.zfill(3),
            "kind": "rating",
            "value": exact[user, item],
        }
    )


@cache
def rated_world() -> tuple[Dataset, Asked]:
    """A fifth of the made ratings held back."""
    events = made_ratings()
    back = np.random.default_rng(5).random(events.height) < 0.2
    known = dataset_of(events.filter(~pl.Series(back)))
    asked = events.filter(pl.Series(back))
    users, items = known.users.locate(asked["user_id"])[0], known.items.locate(asked["item_id"])[0]
    return known, Asked(users, items, asked["value"].to_numpy().astype(np.float32))
