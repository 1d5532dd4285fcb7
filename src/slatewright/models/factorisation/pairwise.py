"""The kernel of BPR: one step for each event, toward its item and away from one that the user has not taken.

Row-wise AdaGrad (Duchi, Hazan, Singer: Adaptive Subgradient Methods, JMLR 2011; one sum per vector): the step of a
vector shrinks with the root of the squared gradients that it has met, so rare items learn fast, common ones settle and
no weight of an event, however large, moves a vector far.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from slatewright.core.kernels import kernel
from slatewright.core.lines import LINE, ask_for
from slatewright.core.mixing import GOLDEN, mixed

TRIES = 4  # draws of an item that the user has not taken, before the event is passed over
AHEAD = 8  # events between a wish for vectors and their use: 4 to 16 are alike
LOWEST = np.float32(-1e30)


class Events(NamedTuple):
    """A cell's ``users``, in order, ``items`` as places in the pool, and ``weights``."""

    users: Any
    items: Any
    weights: Any


class Pool(NamedTuple):
    """The ``items`` of a cell; negatives are drawn by a lottery with ``keep`` and ``other``, both empty if all are
    alike."""

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
    """How to learn: negatives looked at per event, float32 step and penalty, and 1 / ``embedding_dim``."""

    n_negatives: Any
    learning_rate: Any
    reg: Any
    share: Any


@kernel(fastmath=True)
def learn(events: Events, pool: Pool, sides: Sides, pace: Pace, seed: Any) -> int:
    """One step for each event of a cell, in order; gives how many found a negative.

    A negative is of the same part of the items, so what a user has taken of it is what the cell holds of the user.
    Negatives are drawn some events ahead, and all vectors asked for, so that they are there when their turn comes.
    """
    n, state, marked, steps = len(events.users), seed, 0, 0
    taken_by = np.full(len(pool.items), -1, dtype=np.int32)
    drawn = np.empty((AHEAD, pace.n_negatives), dtype=np.int64)
    for ahead in range(n + AHEAD):
        at = ahead - AHEAD
        if at >= 0:
            user, liked = np.int64(events.users[at]), np.int64(pool.items[events.items[at]])
            worst = _worst(sides, user, drawn[at % AHEAD])
            if worst >= 0:
                move(sides, user, liked, worst, events.weights[at], pace)
                steps += 1
        if ahead < n:
            taker = events.users[ahead]
            while marked < n and events.users[marked] == taker:
                taken_by[events.items[marked]] = taker
                marked += 1
            _ask_for(sides.users, np.int64(taker))
            _ask_for(sides.items, np.int64(pool.items[events.items[ahead]]))
            for k in range(pace.n_negatives):
                state, other = _draw(state, pool, taken_by, taker)
                drawn[ahead % AHEAD, k] = other
                if other >= 0:
                    _ask_for(sides.items, other)
    return steps


@kernel(fastmath=True, inline=True)
def _worst(sides: Sides, user: Any, drawn: Any) -> Any:
    """Of the items ``drawn`` the one that scores best; -1 if none is an item."""
    worst, best = drawn[0], LOWEST
    if len(drawn) > 1:
        for k in range(len(drawn)):
            if drawn[k] >= 0:
                score = _score(sides.users, user, sides.items, drawn[k])
                if score > best:
                    worst, best = drawn[k], score
    return worst


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
    share = pull * pull * pace.share
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


@kernel(inline=True)
def _ask_for(rows: Any, row: Any) -> None:
    for number in range(0, rows.shape[1], LINE):
        ask_for(rows, row, number)


@kernel(inline=True)
def _draw(state: Any, pool: Pool, taken_by: Any, user: Any) -> Any:
    """The next state, and an item of the pool that the user has not taken; -1 when none was found soon."""
    found = np.int64(-1)
    for _ in range(TRIES):
        state += GOLDEN
        bits = mixed(state)
        at = np.int64(((bits >> np.uint64(32)) * np.uint64(len(pool.items))) >> np.uint64(32))
        if len(pool.keep) > 0 and np.float32(bits & np.uint64(0xFFFFFF)) * np.float32(2**-24) >= pool.keep[at]:
            at = np.int64(pool.other[at])
        if taken_by[at] != user:
            found = np.int64(pool.items[at])
            break
    return state, found
