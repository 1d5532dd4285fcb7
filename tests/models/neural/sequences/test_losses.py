"""The losses against the formulas of their papers, written out in NumPy."""

import numpy as np
import pytest

from slatewright.core.arrays import Array
from slatewright.models.neural.sequences.losses import gbce, gbce_start, sampled_softmax, scores_of
from slatewright.models.neural.sequences.negatives import Negatives


def drawn(*shape: int) -> Array:
    return np.random.default_rng(sum(shape)).normal(0, 2, shape).astype(np.float32)


def test_the_softmax_over_all_items_is_the_exact_one() -> None:
    items, hidden = drawn(9, 4), drawn(2, 3, 4)
    targets = np.array([[0, 8, 3], [3, 3, 1]])
    every = Negatives.of(np.ones(9), 9, 0.5)
    ids = every.drawn(np.random.default_rng(0), 2)
    positive, negative = scores_of(hidden, items[targets], items[ids], targets, ids)
    scores = hidden @ items.T
    exact = np.log(np.exp(scores).sum(-1)) - np.take_along_axis(scores, targets[..., None], -1)[..., 0]
    np.testing.assert_allclose(np.asarray(sampled_softmax(positive, negative, every.correction)), exact, rtol=1e-5)


def test_a_sample_stands_for_all_items_on_average() -> None:
    counts = np.array([1, 50, 3, 8, 20, 2, 7, 1])
    scores, rng = drawn(8).astype(np.float64), np.random.default_rng(1)
    some = Negatives.of(counts, 4, 0.7)
    sums = []
    for _ in range(20_000):
        ids = some.drawn(rng, 1)
        sums.append(np.exp(scores[ids] + some.correction[ids]).sum())
    assert np.mean(sums) == pytest.approx(np.exp(scores).sum(), rel=0.02)


def test_rows_may_have_negatives_of_their_own() -> None:
    items, hidden = drawn(9, 4), drawn(2, 3, 4)
    targets, ids = np.array([[0, 8, 3], [3, 3, 1]]), np.array([[1, 0], [3, 5]])
    _, negative = scores_of(hidden, items[targets], items[ids], targets, ids)
    expected = np.stack([hidden[0] @ items[[1, 0]].T, hidden[1] @ items[[3, 5]].T])
    expected[[0, 1, 1], [0, 0, 1], [1, 0, 0]] = -1e9  # the target itself
    np.testing.assert_allclose(np.asarray(negative), expected, rtol=1e-5)


def test_a_row_draws_what_others_do_not() -> None:
    rng, counts = np.random.default_rng(0), np.ones(1000)
    assert Negatives.of(counts, 5, 0.0).drawn(rng, 3).shape == (5,)
    assert len(np.unique(Negatives.of(counts, 5, 0.0, per_row=True).drawn(rng, 3), axis=0)) == 3
    assert Negatives.of(counts, 1000, 0.0, per_row=True).drawn(rng, 3).tolist() == list(range(1000))


def test_popular_items_are_drawn_more_often() -> None:
    counts = np.array([1, 16, 0])
    ids = Negatives.of(counts, 2, 0.5)
    rng = np.random.default_rng(2)
    share = np.bincount(np.concatenate([ids.drawn(rng, 1) for _ in range(6000)]), minlength=3) / 12_000
    np.testing.assert_allclose(share, np.array([1, 4, 1]) / 6, atol=0.02)


def test_a_negative_that_is_the_target_does_not_count() -> None:
    positive, negative = np.array([[1.0]]), np.array([[[-1e9, 2.0]]])
    loss = float(np.asarray(sampled_softmax(positive, negative, np.zeros(2, np.float32)))[0, 0])
    assert loss == pytest.approx(np.log1p(np.exp(1.0)), rel=1e-5)


@pytest.mark.parametrize("calibration", [0.0, 0.75, 1.0])
def test_gbce_is_the_formula_of_its_paper(calibration: float) -> None:
    positive, negative, share = drawn(2, 3), drawn(2, 3, 5), 5 / 40
    power = share * (calibration * (1 - 1 / share) + 1 / share)
    taken, left = (1 / (1 + np.exp(-one.astype(np.float64))) for one in (positive, negative))
    expected = -(np.log(taken**power) + np.log(1 - left).sum(-1))
    np.testing.assert_allclose(np.asarray(gbce(positive, negative, share, calibration)), expected, rtol=1e-4)


def test_gbce_begins_where_it_pushes_as_hard_up_as_down() -> None:
    start = gbce_start(5, 5 / 40, 0.75)
    below, there, above = (
        float(np.asarray(gbce(np.full((1, 1), score), np.full((1, 1, 5), score), 5 / 40, 0.75))[0, 0])
        for score in (start - 0.1, start, start + 0.1)
    )
    assert there < min(below, above)
    assert below == pytest.approx(above, rel=1e-3)
