import numpy as np
import pytest
from scipy.optimize import brentq

from slatewright.models.blends.holding_out import Lists
from slatewright.models.blends.learning_weights import learned_weights, shares


def lists(marks: list[list[float]], taken: list[bool], lengths: list[int]) -> Lists:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Lists(offsets, np.array(marks, np.float32), np.array(taken), np.zeros(len(lengths), np.int64))


def test_one_list_of_two_items_by_hand() -> None:
    # loss = log(1 + exp(-2 w)) + 0.5 (w - 0.25)², so at the least: w - 0.25 = 2 / (1 + exp(2 w))
    expected = brentq(lambda w: w - 0.25 - 2 / (1 + np.exp(2 * w)), 0, 9)
    found = learned_weights(lists([[2.0], [0.0]], [True, False], [2]), 0.5, np.array([0.25]))
    assert found[0] == pytest.approx(expected, abs=1e-4)


def test_least_loss_among_neighbours_on_many_lists() -> None:
    draw = np.random.default_rng(0)
    marks = draw.standard_normal((60, 3)).astype(np.float32)
    taken = np.tile([True, True, False, False, False, False], 10)
    made = Lists(np.arange(0, 61, 6), marks, taken, np.zeros(10, np.int64))
    toward = np.array([0.2, 0.3, 0.5])

    def loss(weights: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
        total = 0.7 * float(((weights - toward) ** 2).sum())
        for at in range(10):
            utility = marks[6 * at : 6 * at + 6] @ weights
            total += float(np.log(np.exp(utility).sum()) - utility[:2].mean())
        return total

    found = learned_weights(made, 0.7, toward)
    assert (found >= 0).all()
    for step in np.vstack([np.eye(3), -np.eye(3)]) * 1e-2:
        assert loss(found) <= loss(np.maximum(found + step, 0)) + 1e-9


def test_a_part_that_misleads_gets_nothing() -> None:
    found = learned_weights(lists([[1.0, 0.0], [0.0, 1.0]] * 20, [True, False] * 20, [2] * 20), 0.1, np.full(2, 0.5))
    assert found[1] == 0
    assert found[0] > 1


def test_no_lists_teach_nothing() -> None:
    np.testing.assert_array_equal(learned_weights(lists([], [], []), 1.0, np.array([0.3, 0.7])), [0.3, 0.7])


def test_shares_have_sum_one() -> None:
    np.testing.assert_allclose(shares(np.array([1.0, 3.0])), [0.25, 0.75])
    np.testing.assert_allclose(shares(np.zeros(4)), [0.25] * 4)
