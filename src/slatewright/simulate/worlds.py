"""Small worlds whose right answers are known without a metric."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from slatewright.core.arrays import Frame, Mask
from slatewright.core.clock import MICROSECONDS_PER_SECOND, instant
from slatewright.core.randomness import Rng, generator

Names: TypeAlias = npt.NDArray[np.str_]
FIRST_EVENT = instant("2024-01-01")


@dataclass(frozen=True, slots=True)
class World:
    """Events, and for each user the unseen items that belong on top; every other unseen item belongs below them."""

    events: Frame
    answers: Mapping[str, frozenset[str]]


def checkerboard(side: int = 20) -> World:
    """A board of ``side`` users and items: even users like even items, odd users odd ones; the diagonal is held back.

    So the right first item of user ``u07`` is ``i07``. (The idea is the checkerboard test of the library implicit.)
    """
    place = np.arange(side)
    same = place[:, None] % 2 == place[None, :] % 2
    diagonal = np.eye(side, dtype=np.bool_)
    users, items = _named("u", side), _named("i", side)
    return World(_events(same & ~diagonal, users, items), _answers(diagonal, users, items))


def town_of_two_tastes(users: int = 40, items: int = 24, share: float = 0.6, rng: Rng = 0) -> World:
    """Half the town drinks tea, half coffee; everybody knows a ``share`` of the items of the own half, at random.

    The right answer is the rest of the own half. One item of each half is known to all: the halves are no islands.
    """
    random = generator(rng)
    user_half = np.arange(users) % 2
    item_half = np.arange(items) % 2
    own = user_half[:, None] == item_half[None, :]
    seen = own & (random.random(own.shape) < share)
    seen[:, :2] = True
    names = _named("u", users)
    labels = np.where(item_half == 0, _named("tea-", items), _named("coffee-", items))
    return World(_events(seen, names, labels), _answers(own & ~seen, names, labels))


def _named(prefix: str, count: int) -> Names:
    width = max(2, len(str(count - 1)))
    return np.array([f"{prefix}{number:0{width}d}" for number in range(count)])


def _events(liked: Mask, users: Names, items: Names) -> Frame:
    user, item = np.nonzero(liked)
    time = FIRST_EVENT + np.arange(len(user), dtype=np.int64) * MICROSECONDS_PER_SECOND
    return pl.DataFrame(
        {
            "event_id": pl.Series(np.arange(len(user))).cast(pl.String),
            "user_id": pl.Series(users[user]),
            "item_id": pl.Series(items[item]),
            "kind": pl.Series(["view"] * len(user), dtype=pl.String),
            "value": pl.Series(np.ones(len(user), dtype=np.float32)),
            "time": pl.Series(time).cast(pl.Datetime("us", "UTC")),
        }
    )


def _answers(right: Mask, users: Names, items: Names) -> Mapping[str, frozenset[str]]:
    return {str(name): frozenset(map(str, items[row])) for name, row in zip(users, right, strict=True)}
