"""A plausible shop whose right answers are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame, Index
from slatewright.core.randomness import generator
from slatewright.simulate.catalogue import Goods, stock
from slatewright.simulate.dirt import soil
from slatewright.simulate.knobs import Simulation
from slatewright.simulate.people import People, appeal, gather
from slatewright.simulate.visits import Views, Visits, absolute, draw_views, draw_visits, last_instant, wants

__all__ = ["SimulatedShop", "Simulation", "Truth", "simulate"]


@dataclass(frozen=True, slots=True)
class Truth:
    """What no real shop knows: how much each user likes each item, and how much dirt lies in the events.

    ``mixture`` float64 (users, tastes) and ``appeal`` float64 (tastes, items), in the row order of the frames of facts.
    """

    mixture: Array
    appeal: Array
    dirt: Mapping[str, int]

    def preferences(self, users: Index) -> Array:
        """The chance that a user at liberty views each item, float64 (users, items); rows sum to 1."""
        return np.asarray(self.mixture[users] @ self.appeal)


@dataclass(frozen=True, slots=True)
class SimulatedShop:
    """Events in canonical columns, sorted by time; facts of items and users; the truth behind them."""

    events: Frame
    items: Frame
    users: Frame
    truth: Truth

    def write(self, folder: Path) -> tuple[Path, Path, Path]:
        """Write ``events.csv``, ``items.csv`` and ``users.csv`` as a shop would export them: without event ids."""
        folder.mkdir(parents=True, exist_ok=True)
        events, items, users = (folder / f"{name}.csv" for name in ("events", "items", "users"))
        self.events.select("user_id", "item_id", "kind", "time", "quantity", "price", "session_id").write_csv(
            events, datetime_format="%Y-%m-%dT%H:%M:%S%.3fZ", float_precision=2
        )
        self.items.write_csv(items, float_precision=2)
        self.users.write_csv(users)
        return events, items, users


def simulate(knobs: Simulation | None = None) -> SimulatedShop:
    """Simulate a shop: people with a few tastes each visit, view, put into the cart and purchase.

    Each person mixes hidden tastes; each taste is a distribution over items (popularity x department x liking). A visit
    has one taste; one view leads to the next. Departments have seasons, items are launched, people join. ``dirt`` adds
    what exports are full of, and ``truth.dirt`` counts it.
    """
    knobs = knobs or Simulation()
    rng = generator(knobs.rng)
    goods = stock(knobs, rng)
    people = gather(knobs, rng)
    liking = appeal(knobs, goods, rng)
    visits = draw_visits(knobs, people, rng)
    views = draw_views(knobs, goods, liking, visits, rng)
    clean = _acts(knobs, goods, people, visits, views, wants(people, liking, visits, views), rng)
    events, dirt = soil(clean, knobs.dirt, last_instant(knobs), rng)
    return SimulatedShop(events, goods.frame, people.frame, Truth(people.mixture, liking, dirt))


def _acts(
    knobs: Simulation, goods: Goods, people: People, visits: Visits, views: Views, want: Array, rng: np.random.Generator
) -> Frame:
    """Views, the carts that follow from them, the purchases that follow from those; by time."""
    n = len(views.item)
    carts = np.flatnonzero(rng.random(n) < 0.4 * want)
    bought = carts[rng.random(len(carts)) < 0.6 / (1 + goods.price[views.item[carts]] / 200)]
    cart_time = views.time[carts] + rng.uniform(2, 20, size=len(carts))
    purchase_time = views.time[bought] + rng.uniform(60, 600, size=len(bought))
    rows = np.concatenate([np.arange(n), carts, bought])
    kind = np.repeat(np.array(["view", "cart", "purchase"]), [n, len(carts), len(bought)])
    quantity = np.concatenate([np.full(n, np.nan), np.ones(len(carts)), rng.geometric(0.8, size=len(bought))])
    visit, item = views.visit[rows], views.item[rows]
    time = absolute(knobs, np.concatenate([views.time, cart_time, purchase_time]))
    inside = time < last_instant(knobs)
    frame = pl.DataFrame(
        {
            "user_id": people.frame["user_id"].gather(visits.user[visit]),
            "item_id": goods.frame["item_id"].gather(item),
            "kind": pl.Series(kind),
            "value": pl.Series(np.nan_to_num(quantity, nan=1.0), dtype=pl.Float32),
            "time": pl.Series(time).cast(pl.Datetime("us", "UTC")),
            "session_id": "s" + pl.Series(visit).cast(pl.String).str.zfill(6),
            "price": pl.Series(goods.price[item], dtype=pl.Float32),
            "quantity": pl.Series(quantity, dtype=pl.Float32).fill_nan(None),
        }
    ).filter(pl.Series(inside))
    by_time = frame.sort("time", "session_id", "item_id", "kind", maintain_order=True)
    return by_time.select(
        pl.format("e{}", pl.int_range(pl.len()).cast(pl.String).str.zfill(8)).alias("event_id"), pl.all()
    )
