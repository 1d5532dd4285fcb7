"""A step of gradient descent against NumPy, and that running away is told."""

import numba
import numpy as np
import pytest

from slatewright.core.arrays import Scores
from slatewright.core.errors import Diverged
from slatewright.models.ratings.blocks import Blocks
from slatewright.models.ratings.descent import Side, Steps, one_epoch

from .test_blocks import some_ratings


def _learned(n_threads: int) -> Scores:
    ratings = some_ratings(900, 300, 0.1)
    before = numba.get_num_threads()
    numba.set_num_threads(n_threads)
    try:
        rng = np.random.default_rng(1)
        blocks = Blocks.of(ratings, rng)
        users, items = Side.drawn(900, 8, 0.1, rng), Side.drawn(300, 8, 0.1, rng)
        steps = Steps(0.05, 1, np.full(900, 0.1, np.float32), np.full(300, 0.1, np.float32))
        with blocks.threads() as sweep:
            for _ in range(3):
                one_epoch(blocks, users, items, steps, sweep)
    finally:
        numba.set_num_threads(before)
    return items.vectors


def test_the_number_of_threads_does_not_change_the_factors() -> None:
    np.testing.assert_array_equal(_learned(1), _learned(min(2, numba.config.NUMBA_NUM_THREADS)))


def test_an_epoch_is_the_textbook_step_for_each_rating_in_turn() -> None:
    ratings = some_ratings(7, 5, 0.7)
    rng = np.random.default_rng(3)
    blocks = Blocks.of(ratings, rng)
    users, items = Side.drawn(7, 3, 0.5, rng), Side.drawn(5, 3, 0.5, rng)
    pulls = [rng.random(n).astype(np.float32) for n in (7, 5)]
    p, q, b, c = (a.astype(np.float64) for a in (users.vectors, items.vectors, users.levels, items.levels))
    order: list[int] = []
    with blocks.threads() as sweep:
        one_epoch(blocks, users, items, Steps(0.05, 0.5, *pulls), sweep)
        sweep(lambda first, last: order.extend(range(first, last)))
    for at in order:
        u, i = blocks.users[at], blocks.items[at]
        error = blocks.values[at] - b[u] - c[i] - p[u] @ q[i]
        b[u] += 0.05 * (error - 0.5 * pulls[0][u] * b[u])
        c[i] += 0.05 * (error - 0.5 * pulls[1][i] * c[i])
        p[u], q[i] = (
            p[u] + 0.05 * (error * q[i] - pulls[0][u] * p[u]),
            q[i] + 0.05 * (error * p[u] - pulls[1][i] * q[i]),
        )
    for found, expected in ((users.vectors, p), (items.vectors, q), (users.levels, b), (items.levels, c)):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_padding_stays_zero() -> None:
    assert not _learned(1)[:, 8:].any()


def test_steps_that_are_too_long_are_told() -> None:
    ratings = some_ratings()
    rng = np.random.default_rng(1)
    blocks = Blocks.of(ratings, rng)
    users, items = Side.drawn(60, 8, 1, rng), Side.drawn(40, 8, 1, rng)
    still = Steps(9.0, 0, np.zeros(60, np.float32), np.zeros(40, np.float32))
    with blocks.threads() as sweep, pytest.raises(Diverged, match="learning_rate must be smaller: at 9"):
        one_epoch(blocks, users, items, still, sweep)
