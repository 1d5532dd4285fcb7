"""Small worlds with known answers, as frames of canonical events."""

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY, instant

START = instant("2024-01-01")


def checkerboard(n: int = 20) -> Frame:
    """User u takes item i where u + i is even, but not item u itself: item u is the only right answer for even u + u.

    n users, n items; every user's best unseen item is the one left out of its own colour.
    """
    user, item = np.divmod(np.arange(n * n), n)
    taken = ((user + item) % 2 == 0) & (user != item)
    return _events(user[taken], item[taken])


def two_tastes(n_users: int = 60, n_items: int = 24, *, rng: int = 0) -> Frame:
    """A town of two tastes: even users take even items only, odd users odd items, each about half of them."""
    draw = np.random.default_rng(rng)
    user, item = np.divmod(np.arange(n_users * n_items), n_items)
    taken = (user % 2 == item % 2) & (draw.random(len(user)) < 0.5)
    return _events(user[taken], item[taken])


def _events(
    user: np.ndarray[tuple[int, ...], np.dtype[np.int64]], item: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
) -> Frame:
    days = np.arange(len(user)) % 50
    return pl.DataFrame(
        {
            "user_id": [f"u{one:03d}" for one in user],
            "item_id": [f"i{one:03d}" for one in item],
            "time": START + days * MICROSECONDS_PER_DAY,
        }
    )
