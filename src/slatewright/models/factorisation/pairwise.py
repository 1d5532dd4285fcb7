"""The kernel of BPR: one step for each event, toward its item and away from one that the user has not taken.

Row-wise AdaGrad (Duchi, Hazan, Singer: Adaptive Subgradient Methods, JMLR 2011; one sum per vector): the step of a
vector shrinks with the root of the squared gradients that it has met, so rare items learn fast, common ones settle and
no weight of an event, however large, moves a vector far.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from slatewright.core.kernels import kernel

TRIES = 4  # draws of an item that the user has not taken, before the event is passed over
LOWEST = np.float32(-1e30)


class Events(NamedTuple):
    """A cell's ``users`` and ``items``, both in order; ``places`` points into ``weights``."""

    users: Any
    items: Any
    places: Any
    weights: Any


class Pool(NamedTuple):
    """Who may be a negative: ``items`` drawn by a lottery with ``keep`` and ``other``."""

    items: Any
    keep: Any
    other: Any


class Sides(NamedTuple):
    """Vectors float32 (n, d) of ``users`` and ``items``, and the sums of the squared gradients each has met."""

    users: Any
    items: Any
    user_sums: Any
    item_sums: Any


class Pace(NamedTuple):
    """How to learn: negatives looked at per event, and float32 step and penalty."""

    n_negatives: Any
    learning_rate: Any
    reg: Any


@kernel(fastmath=True)
def learn(events: Events, pool: Pool, sides: Sides, pace: Pace, seed: Any) -> int:
    """One step for each event of a cell, in order; gives how many found a negative.

    A negative is of the same part of the items, so what a user has taken of it is what the cell holds of the user.
    """
    state, steps = np.array([seed], dtype=np.uint64), 0
    begin = end = 0
    for at in range(len(events.users)):
        user = np.int64(events.users[at])
        if at == end:
            begin = end
            while end < len(events.users) and events.users[end] == user:
                end += 1
        worst: Any = np.int64(-1)
        best = LOWEST
        for _ in range(pace.n_negatives):
            item = _draw(state, pool, events.items, begin, end)
            if item < 0:
                continue
            score = _score(sides.users, user, sides.items, item) if pace.n_negatives > 1 else np.float32(0)
            if worst < 0 or score > best:
                worst, best = item, score
        if worst >= 0:
            move(sides, user, np.int64(events.items[at]), worst, events.weights[events.places[at]], pace)
            steps += 1
    return steps


@kernel(fastmath=True, inline=True)
def move(sides: Sides, user: Any, liked: Any, other: Any, weight: Any, pace: Pace) -> None:
    """One step along the gradient of ``weight * log sigmoid(x.(y - z)) - reg/2 (|x|^2 + |y|^2 + |z|^2)``."""
    users, items, learning_rate, reg = sides.users, sides.items, pace.learning_rate, pace.reg
    margin, of_user, of_item = np.float32(0), np.float32(0), np.float32(0)
    for f in range(users.shape[1]):
        difference = items[liked, f] - items[other, f]
        margin += users[user, f] * difference
        of_user += difference * difference
        of_item += users[user, f] * users[user, f]
    pull = weight / (np.float32(1) + np.float32(math.exp(margin)))
    share = pull * pull / np.float32(users.shape[1])
    step_user = _step(sides.user_sums, user, share * of_user, learning_rate)
    step_liked = _step(sides.item_sums, liked, share * of_item, learning_rate)
    step_other = _step(sides.item_sums, other, share * of_item, learning_rate)
    for f in range(users.shape[1]):
        x, y, z = users[user, f], items[liked, f], items[other, f]
        users[user, f] = x + step_user * (pull * (y - z) - reg * x)
        items[liked, f] = y + step_liked * (pull * x - reg * y)
        items[other, f] = z - step_other * (pull * x + reg * z)


@kernel(fastmath=True, inline=True)
def _step(sums: Any, at: Any, square: Any, learning_rate: Any) -> Any:
    sums[at] += square
    return learning_rate / np.float32(math.sqrt(sums[at]))


@kernel(fastmath=True, inline=True)
def _score(users: Any, user: Any, items: Any, item: Any) -> Any:
    total = np.float32(0)
    for f in range(users.shape[1]):
        total += users[user, f] * items[item, f]
    return total


@kernel()
def _draw(state: Any, pool: Pool, items: Any, begin: Any, end: Any) -> Any:
    """An item of the pool that is not among the sorted ``items[begin:end]``; -1 when none was found soon."""
    for _ in range(TRIES):
        bits = _random(state)
        at = ((bits >> np.uint64(32)) * np.uint64(len(pool.items))) >> np.uint64(32)
        if np.float32(bits & np.uint64(0xFFFFFF)) * np.float32(2**-24) >= pool.keep[at]:
            at = np.uint64(pool.other[at])
        item = np.int64(pool.items[at])
        low, high = begin, end
        while low < high:
            middle = (low + high) >> 1
            if items[middle] < item:
                low = middle + 1
            else:
                high = middle
        if low == end or items[low] != item:
            return item
    return np.int64(-1)


@kernel()
def _random(state: Any) -> Any:
    """64 random bits (splitmix64: Steele, Lea, Flood, OOPSLA 2014)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    bits = state[0]
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
