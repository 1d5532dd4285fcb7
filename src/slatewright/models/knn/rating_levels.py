"""What a rating is compared with before neighbours speak: the level of the item, of the user, or of both."""

from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Offsets, Scores
from slatewright.models.ratings.table import Ratings

EPOCHS = 10


@dataclass(frozen=True, slots=True)
class Levels:
    """``items`` float32 (n_items,), standardised; a user's level is what is left over, held back by ``reg`` ratings.

    An infinite ``reg``: users have no level.
    """

    items: Scores
    reg: float

    @classmethod
    def of(cls, ratings: Ratings, by: str, baseline: str, bias_reg: float) -> "Levels":
        """Learned from ratings: the ``mean`` of each item or user, or the ``bias`` of both (Koren, TKDD 2010)."""
        if baseline == "mean" and by == "users":
            return cls(np.zeros(ratings.n_items, dtype=np.float32), 0.0)
        if baseline == "mean":
            return cls(_leftover(ratings, np.zeros(len(ratings)), 0.0), np.inf)
        items, users, who = np.zeros(ratings.n_items), np.zeros(ratings.n_users), ratings.users()
        counts_of_items = np.bincount(ratings.items, minlength=ratings.n_items)
        for _ in range(EPOCHS):
            left = np.bincount(ratings.items, ratings.values - users[who], ratings.n_items)
            items = left / (counts_of_items + bias_reg)
            users = user_levels(ratings.values - items[ratings.items], ratings.offsets, bias_reg)
        return cls(items.astype(np.float32), bias_reg)

    def deviations(self, ratings: Ratings) -> tuple[Scores, Scores]:
        """What is left of each rating, float32 (ratings,), and the level of each user, float32 (n_users,)."""
        left = ratings.values - self.items[ratings.items]
        users = user_levels(left, ratings.offsets, self.reg)
        return (left - users[ratings.users()]).astype(np.float32), users.astype(np.float32)


def user_levels(left: Array, offsets: Offsets, reg: float) -> Array:
    """The sum of each user's leftovers over (their number + ``reg``), float64 (n,)."""
    lengths = np.diff(offsets)
    if not np.isfinite(reg):
        return np.zeros(len(lengths))
    sums = np.bincount(np.repeat(np.arange(len(lengths)), lengths), left, len(lengths))
    levels: Array = sums / np.maximum(lengths + reg, 1e-9)
    return levels


def _leftover(ratings: Ratings, taken_off: Array, reg: float) -> Scores:
    counts = np.bincount(ratings.items, minlength=ratings.n_items)
    sums = np.bincount(ratings.items, ratings.values - taken_off, ratings.n_items)
    levels: Scores = (sums / np.maximum(counts + reg, 1)).astype(np.float32)
    return levels
