from typing import Any

import numpy as np
import pytest

from slatewright.core.arrays import Array, Scores
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.objective import PairObjective

SPEC = Spec.of("dot", dim=2)
RNG = np.random.default_rng(0)
USER = RNG.standard_normal((3, 3), dtype=np.float32)
ITEM = RNG.standard_normal((3, 4, 3), dtype=np.float32)
FREE = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 0]], dtype=np.float32)
SURPLUS = RNG.standard_normal((3, 3), dtype=np.float32)
EACH = np.array([1, 0.5, 2], dtype=np.float32)


def _scores(user: Scores, items: Scores) -> Scores:
    """By hand: the inner product of all but the last numbers, and both of these."""
    found: Scores = np.array(
        [[u[:2] @ i[:2] + u[2] + i[2] for i in own] for u, own in zip(user, items, strict=True)], dtype=np.float32
    )
    return found


def _loss(objective: PairObjective, item: Scores, **more: Array) -> Scores:
    convert = keras_engine().ops.convert_to_tensor
    vectors = {"user": USER, "item": item} | more
    inputs = {"free": FREE, "surplus": SURPLUS, "each": EACH}
    losses: Any = objective.loss(
        objective.network(),
        {name: convert(one) for name, one in vectors.items()},
        {name: convert(one) for name, one in inputs.items()},
        False,
    )
    return np.asarray(keras_engine().ops.convert_to_numpy(losses))


def _log1p(scores: Array) -> Array:
    return np.logaddexp(0, scores)


def _by_hand(name: str, taken: Array, others: Array) -> Array:
    if name == "bce":
        return np.asarray((_log1p(-taken) + EACH * (FREE * _log1p(others)).sum(1)) / 4)
    if name == "mse":
        return np.asarray(((taken - 1) ** 2 + EACH * (FREE * others**2).sum(1)) / 4)
    if name == "bpr":
        return np.asarray((FREE * _log1p(others - taken[:, None])).sum(1) / 3)
    weights = FREE * np.exp(others - SURPLUS)
    return np.asarray(np.log(np.exp(taken) + weights.sum(1)) - taken)


@pytest.mark.parametrize("name", ["bce", "mse", "bpr", "softmax"])
def test_losses_are_those_of_the_books(name: str) -> None:
    scores = _scores(USER, ITEM)
    found = _loss(PairObjective(SPEC, name, "drawn", 3, 0.0), ITEM)
    np.testing.assert_allclose(found, _by_hand(name, scores[:, 0], scores[:, 1:]), rtol=1e-4)


def test_hard_looks_at_the_best_scoring_negative_only() -> None:
    scores = _scores(USER, ITEM)
    worst = np.where(FREE > 0, scores[:, 1:], -np.inf).max(axis=1)
    found = _loss(PairObjective(SPEC, "bpr", "hard", 3, 0.0), ITEM)
    np.testing.assert_allclose(found, _log1p(worst - scores[:, 0]), rtol=1e-4)


def test_in_the_batch_the_negatives_are_what_the_next_ones_took() -> None:
    taken = ITEM[:, :1]
    rolled = np.concatenate([np.roll(taken, -at, axis=0) for at in range(3)], axis=1)
    every = _scores(USER, np.concatenate([rolled, rolled[:, :1]], axis=1))
    found = _loss(PairObjective(SPEC, "bpr", "batch", 3, 0.0), taken)
    np.testing.assert_allclose(found, _by_hand("bpr", every[:, 0], every[:, 1:]), rtol=1e-4)


@pytest.mark.parametrize("name", ["bce", "mse", "bpr", "softmax"])
def test_shared_negatives_are_the_same_for_all(name: str) -> None:
    shared = ITEM[0, 1:]
    others = _scores(USER, np.tile(shared, (3, 1, 1)))
    found = _loss(PairObjective(SPEC, name, "shared", 3, 0.0), ITEM[:, :1], negatives=shared)
    np.testing.assert_allclose(found, _by_hand(name, _scores(USER, ITEM)[:, 0], others), rtol=1e-4)


def test_the_penalty_is_half_the_squared_lengths() -> None:
    plain, held = (_loss(PairObjective(SPEC, "bce", "drawn", 3, reg), ITEM) for reg in (0.0, 0.2))
    lengths = (USER**2).sum(1) + (ITEM**2).sum(2).mean(1)
    np.testing.assert_allclose(held - plain, 0.1 * lengths, rtol=1e-4)
    shared = ITEM[0, 1:]
    plain, held = (
        _loss(PairObjective(SPEC, "mse", "shared", 3, reg), ITEM[:, :1], negatives=shared) for reg in (0.0, 0.2)
    )
    lengths = (1 + 3 * EACH) * (USER**2).sum(1) + (ITEM[:, 0] ** 2).sum(1) + EACH * (shared**2).sum()
    np.testing.assert_allclose(held - plain, 0.1 / 4 * lengths, rtol=1e-4)


def test_what_products_count_is_punished_for_its_distance_from_one() -> None:
    spec = Spec.of("neumf", gmf=3, mlp=0, layers=[], dropout=0.0)
    weights = dict(zip([one.path for one in spec.network().variables], spec.network().get_weights(), strict=True))
    beyond = ((weights["prediction/kernel"] - 1) ** 2).sum()
    plain, held = (_loss(PairObjective(spec, "bce", "drawn", 3, reg), ITEM) for reg in (0.0, 0.2))
    lengths = (USER**2).sum(1) + (ITEM**2).sum(2).mean(1)
    np.testing.assert_allclose(held - plain, 0.1 * (lengths + beyond), rtol=1e-4)
    shared = ITEM[0, 1:]
    plain, held = (
        _loss(PairObjective(spec, "mse", "shared", 3, reg), ITEM[:, :1], negatives=shared) for reg in (0.0, 0.2)
    )
    lengths = (1 + 3 * EACH) * (USER**2).sum(1) + (ITEM[:, 0] ** 2).sum(1) + EACH * (shared**2).sum()
    np.testing.assert_allclose(held - plain, 0.1 / 4 * (lengths + beyond), rtol=1e-4)
