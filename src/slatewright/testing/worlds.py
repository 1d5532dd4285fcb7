"""Small worlds with known answers, as frames of canonical events."""

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Offsets
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


def weekly_coffee(n_users: int = 40, weeks: int = 20) -> Frame:
    """Everybody buys coffee every seven days, tea every 28, and a pan once; each user starts on a day of their own."""
    user = np.repeat(np.arange(n_users), weeks)
    day = np.tile(7 * np.arange(weeks), n_users) + user % 7
    week = np.tile(np.arange(weeks), n_users)
    parts = [("coffee", week >= 0), ("tea", week % 4 == user % 4), ("pan", week == 0)]
    frames = [_bought(item, user[rows], day[rows]) for item, rows in parts]
    return pl.concat(frames).sort("time", "user_id", "item_id")


def _bought(item: str, user: Offsets, day: Offsets) -> Frame:
    return pl.DataFrame(
        {
            "user_id": [f"u{one:03d}" for one in user],
            "item_id": item,
            "kind": "purchase",
            "time": START + day * MICROSECONDS_PER_DAY,
        }
    )
