"""The people of the simulated shop and what they truly like."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame, Index, Offsets
from slatewright.simulate.catalogue import Goods
from slatewright.simulate.knobs import Simulation
from slatewright.simulate.words import COUNTRIES, DEPARTMENTS


@dataclass(frozen=True, slots=True)
class People:
    """The users as arrays and as a frame of facts.

    ``mixture`` float64 (users, tastes), rows sum to 1; ``visits`` int64 (users,); ``joined`` int32 (users,), a day.
    """

    frame: Frame
    mixture: Array
    visits: Offsets
    joined: Index


def gather(knobs: Simulation, rng: np.random.Generator) -> People:
    """Let people move into town. Most of them have two or three tastes; a few visit far more often than others."""
    n = knobs.users
    mixture = rng.dirichlet(np.full(knobs.tastes, 2.0 / knobs.tastes), size=n)
    mixture = np.where(np.isfinite(mixture), mixture, 1 / knobs.tastes)
    visits = rng.poisson(rng.gamma(1.3, knobs.visits_per_user / 1.3, size=n))
    joined = np.minimum(rng.exponential(0.25, size=n), 0.95) * knobs.days
    frame = pl.DataFrame(
        {
            "user_id": "u" + pl.Series(np.arange(n)).cast(pl.String).str.zfill(5),
            "country": pl.Series(COUNTRIES).gather(rng.integers(len(COUNTRIES), size=n)),
            "age": np.clip(rng.normal(42, 14, size=n), 18, 90).astype(np.int32),
        }
    )
    return People(frame, mixture, visits, joined.astype(np.int32))


def appeal(knobs: Simulation, goods: Goods, rng: np.random.Generator) -> Array:
    """How much each taste likes each item, float64 (tastes, items), rows sum to 1.

    A taste lives in one department, visits another, and within them likes some items far better than others.
    """
    home, second = rng.integers(len(DEPARTMENTS), size=(2, knobs.tastes))
    home[: len(DEPARTMENTS)] = np.arange(len(DEPARTMENTS))[: knobs.tastes]  # no department without admirers
    liking = np.full((knobs.tastes, knobs.items), 0.02)
    liking += 0.3 * (goods.department == second[:, None])
    liking += 1.0 * (goods.department == home[:, None])
    liking *= rng.lognormal(0, 1.0, size=liking.shape) * goods.popularity
    return np.asarray(liking / liking.sum(axis=1, keepdims=True))
