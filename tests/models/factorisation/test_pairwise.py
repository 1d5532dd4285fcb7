"""The step of BPR against the gradient by hand, and the negatives that it draws."""

import numpy as np

from slatewright.core.arrays import Array
from slatewright.models.factorisation.cells import Lottery
from slatewright.models.factorisation.pairwise import Events, Pace, Pool, Sides, learn, move

ALIKE = np.empty(0)


def some_sides(n_users: int, n_items: int, d: int) -> Sides:
    rng = np.random.default_rng(1)
    users, items = (rng.standard_normal((n, d), dtype=np.float32) for n in (n_users, n_items))
    return Sides(users, items, np.full(n_users, 0.5, np.float32), np.full(n_items, 0.25, np.float32))


def test_a_step_is_the_gradient_of_the_log_likelihood() -> None:
    sides, weight, reg, rate = some_sides(2, 3, 5), 1.5, 0.1, 0.2
    x, y, z = (one.astype(np.float64) for one in (sides.users[1], sides.items[0], sides.items[2]))

    def value(x: Array, y: Array, z: Array) -> float:
        return float(-weight * np.log1p(np.exp(-x @ (y - z))) - reg / 2 * (x @ x + y @ y + z @ z))

    def gradient(at: int) -> Array:
        sizes = []
        for f in range(5):
            moved = [[one.copy() for one in (x, y, z)] for _ in range(2)]
            moved[0][at][f] += 1e-6
            moved[1][at][f] -= 1e-6
            sizes.append((value(*moved[0]) - value(*moved[1])) / 2e-6)
        return np.array(sizes)

    pull = weight / (1 + np.exp(x @ (y - z)))
    met = pull**2 / 5 * np.array([(y - z) @ (y - z), x @ x, x @ x])
    gradients = [gradient(at) for at in range(3)]
    move(sides, 1, 0, 2, np.float32(weight), Pace(1, np.float32(rate), np.float32(reg), np.float32(1 / 5)))
    np.testing.assert_allclose(sides.users[1], x + rate / np.sqrt(0.5 + met[0]) * gradients[0], rtol=1e-5)
    np.testing.assert_allclose(sides.items[0], y + rate / np.sqrt(0.25 + met[1]) * gradients[1], rtol=1e-5)
    np.testing.assert_allclose(sides.items[2], z + rate / np.sqrt(0.25 + met[2]) * gradients[2], rtol=1e-5)
    np.testing.assert_allclose(
        [sides.user_sums[1], *sides.item_sums[[0, 2]]], np.add(met, [0.5, 0.25, 0.25]), rtol=1e-5
    )


def one_user(taken: list[int], n_items: int, n_negatives: int, chances: Array = ALIKE) -> tuple[Sides, int, Sides]:
    """Sides before and after, and the steps taken, of a user who took some items."""
    sides = some_sides(1, n_items, 4)
    before = Sides(*(array.copy() for array in sides))
    n = len(taken)
    pool = np.roll(np.arange(n_items, dtype=np.int32), 1)
    lottery = Lottery.of(chances[pool] if len(chances) else chances)
    events = Events(np.zeros(n, np.int32), np.argsort(pool)[taken].astype(np.int32), np.ones(n, np.float32))
    pace = Pace(n_negatives, np.float32(0.01), np.float32(0), np.float32(1 / 4))
    steps = learn(events, Pool(pool, lottery.keep, lottery.other), sides, pace, np.uint64(1))
    return before, steps, sides


def test_only_items_that_the_user_has_not_taken_are_pushed_down() -> None:
    before, steps, after = one_user([0, 2, 3, 5], 12, 1)
    assert steps == 4
    toward = (after.items - before.items) @ before.users[0]
    assert (toward[[0, 2, 3, 5]] > 0).all()
    assert (toward[[1, 4, *range(6, 12)]] <= 0).all()


def test_the_lottery_says_which_item_is_pushed_down() -> None:
    before, steps, after = one_user([0], 6, 1, np.array([1e-9, 1e-9, 1e-9, 1, 1e-9, 1e-9]))
    assert steps == 1
    assert np.flatnonzero((after.items != before.items).any(axis=1)).tolist() == [0, 3]


def test_what_one_user_has_taken_is_not_mistaken_for_what_the_next_has() -> None:
    sides = some_sides(2, 3, 4)
    x, y = sides.users.copy(), sides.items.copy()
    events = Events(
        np.array([0, 0, 1, 1], np.int32), np.array([0, 1, 0, 2], np.int32), np.array([1, 0, 0, 1], np.float32)
    )  # an event without weight moves nothing, but is taken
    pool = Pool(np.arange(3, dtype=np.int32), np.empty(0, np.float32), np.empty(0, np.int32))
    pace = Pace(32, np.float32(1e-4), np.float32(0), np.float32(1 / 4))
    assert learn(events, pool, sides, pace, np.uint64(1)) == 4
    for moved, toward in zip(sides.users - x, [y[0] - y[2], y[2] - y[1]], strict=True):
        assert moved @ toward / np.linalg.norm(moved) / np.linalg.norm(toward) > 0.99


def test_a_user_who_has_taken_everything_is_passed_over() -> None:
    before, steps, after = one_user([0, 1, 2], 3, 2)
    assert steps == 0
    np.testing.assert_array_equal(after.items, before.items)


def test_of_many_drawn_the_item_that_scores_best_is_pushed_down() -> None:
    before, _, after = one_user([1], 6, 200)
    scores = before.items @ before.users[0]
    scores[1] = -np.inf
    moved = np.flatnonzero((after.items != before.items).any(axis=1))
    assert sorted(moved) == sorted([1, int(scores.argmax())])
