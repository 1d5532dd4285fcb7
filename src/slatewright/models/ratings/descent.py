"""Stochastic gradient descent on ratings, block by block: each rating moves one user and one item.

The padded width is a multiple of PADDING: the inner loops then run in whole registers, and the padding stays zero.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.core.errors import Diverged
from slatewright.core.kernels import kernel
from slatewright.models.ratings.blocks import Blocks, Sweep

PADDING = 32
LARGEST = 1e6  # of a standardised level: nothing that learns gets near


@dataclass(frozen=True, slots=True)
class Steps:
    """How far each rating moves factors and levels, and how much a row is pulled to zero at each of its ratings:
    ``user_pulls`` float32 (n_users,) and ``item_pulls`` float32 (n_items,), levels ``bias_pull`` times as much."""

    learning_rate: float
    bias_pull: float
    user_pulls: Scores
    item_pulls: Scores


@dataclass(frozen=True, slots=True)
class Side:
    """One side while it learns: ``vectors`` float32 (n, padded) and ``levels`` float32 (n,), in the blocks' order."""

    vectors: Scores
    levels: Scores

    @classmethod
    def drawn(cls, n: int, width: int, size: float, rng: np.random.Generator) -> "Side":
        """Small random vectors of that many numbers, levels of 0."""
        vectors = np.zeros((n, -(-width // PADDING) * PADDING), dtype=np.float32)
        vectors[:, :width] = rng.standard_normal((n, width), dtype=np.float32) * np.float32(size)
        return cls(vectors, np.zeros(n, dtype=np.float32))

    def taken(self, rows: Index, width: int) -> "Side":
        """Some rows, in the order given, without the padding."""
        return Side(np.ascontiguousarray(self.vectors[rows, :width]), self.levels[rows])


def one_epoch(blocks: Blocks, users: Side, items: Side, steps: Steps, sweep: Sweep) -> None:
    """Learn from every rating once.

    Raises:
        Diverged: the steps were too long.
    """
    rate, bias_pull = np.float32(steps.learning_rate), np.float32(steps.bias_pull)

    def task(first: int, last: int) -> None:
        _descend(
            first,
            last,
            blocks.users,
            blocks.items,
            blocks.values,
            users.vectors,
            items.vectors,
            users.levels,
            items.levels,
            steps.user_pulls,
            steps.item_pulls,
            rate,
            bias_pull,
        )

    sweep(task)
    check_converging(users, items, steps.learning_rate)


def check_converging(users: Side, items: Side, learning_rate: float) -> None:
    """Raise as soon as a number is too large to mean anything.

    Raises:
        Diverged: naming the knob to turn.
    """
    for side in (users, items):
        largest = max(float(np.abs(part).max(initial=0)) for part in (side.levels, side.vectors))
        if not largest < LARGEST:
            raise Diverged(f"learning_rate must be smaller: at {learning_rate:g} the factors grew to {largest:g}")


@kernel(fastmath=True)
def _descend(
    first: int,
    last: int,
    users: Index,
    items: Index,
    values: Scores,
    user_vectors: Any,
    item_vectors: Any,
    user_levels: Any,
    item_levels: Any,
    user_pulls: Scores,
    item_pulls: Scores,
    rate: Any,
    bias_pull: Any,
) -> None:
    one = np.float32(1)
    for at in range(first, last):
        user, item = users[at], items[at]
        p, q = user_vectors[user], item_vectors[item]
        product = np.float32(0)
        for k in range(user_vectors.shape[1]):
            product += p[k] * q[k]
        step = rate * (values[at] - (user_levels[user] + item_levels[item] + product))
        kept_user, kept_item = rate * user_pulls[user], rate * item_pulls[item]
        user_levels[user] = (one - bias_pull * kept_user) * user_levels[user] + step
        item_levels[item] = (one - bias_pull * kept_item) * item_levels[item] + step
        kept_user, kept_item = one - kept_user, one - kept_item
        for k in range(user_vectors.shape[1]):
            old = p[k]
            p[k] = kept_user * old + step * q[k]
            q[k] = kept_item * q[k] + step * old
