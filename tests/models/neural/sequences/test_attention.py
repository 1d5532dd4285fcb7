"""Attention against a hand calculation; dropout by a hash hides the right share, differently each time."""

import numpy as np
import pytest

from slatewright.core.arrays import Array
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.sequences.attention import Barred, CausalAttention, HashedDropout


def numbers(*shape: int) -> Array:
    return np.random.default_rng(7).normal(size=shape).astype(np.float32)


def in_numpy(tensor: object) -> Array:
    array: Array = keras_engine().ops.convert_to_numpy(getattr(tensor, "value", tensor))
    return array


@pytest.mark.parametrize("heads", [1, 2])
def test_attention_is_a_mean_over_what_came_before_in_the_same_sequence(heads: int) -> None:
    layer, x = CausalAttention(heads, 4), numbers(1, 5, 4)
    segments = np.array([[1, 1, 2, 2, 2]], dtype=np.int32)
    found = in_numpy(layer(x, Barred()(segments)))
    (inward, inward_bias), (outward, outward_bias) = (
        map(in_numpy, one.weights) for one in (layer.inward, layer.outward)
    )
    queries, keys, values = np.split(x[0] @ inward + inward_bias, 3, axis=-1)
    for place, seen in enumerate([[0], [0, 1], [2], [2, 3], [2, 3, 4]]):
        parts = []
        for q, k, v in zip(*(np.split(one, heads, axis=-1) for one in (queries, keys, values)), strict=True):
            weight = np.exp(k[seen] @ q[place] / np.sqrt(4 / heads))
            parts.append(weight @ v[seen] / weight.sum())
        expected = np.concatenate(parts) @ outward + outward_bias
        np.testing.assert_allclose(found[0, place], expected, rtol=1e-4, atol=1e-5)


def test_dropout_hides_its_share_and_keeps_the_mean() -> None:
    ones, seeds = np.ones((50, 20, 8), np.float32), np.arange(50, dtype=np.int32) * 7919
    dropped = in_numpy(HashedDropout(0.3, 1)(ones, seeds, training=True))
    assert np.mean(dropped == 0) == pytest.approx(0.3, abs=0.02)
    assert dropped.mean() == pytest.approx(1, abs=0.03)
    np.testing.assert_array_equal(in_numpy(HashedDropout(0.3, 1)(ones, seeds)), ones)


def test_masks_of_rows_layers_and_seeds_have_nothing_to_do_with_each_other() -> None:
    ones, seeds = np.ones((2, 100, 8), np.float32), np.array([3, 4], dtype=np.int32)
    masks = [
        in_numpy(HashedDropout(0.5, salt)(ones, seeds + step, training=True)) > 0 for salt in (1, 2) for step in (0, 9)
    ]
    flat = [row.ravel() for mask in masks for row in mask]
    likeness = np.corrcoef(np.array(flat, dtype=float)) - np.eye(len(flat))
    assert np.abs(likeness).max() < 0.15


def test_what_comes_later_and_what_stands_beside_changes_nothing() -> None:
    network = Spec.of("sasrec", d=4, length=6, blocks=2, heads=1, dropout=0.5).network()
    x, segments = numbers(1, 6, 4), np.array([[1, 1, 1, 2, 2, 0]], dtype=np.int32)
    inputs = {"segments": segments, "places": np.array([[0, 1, 2, 0, 1, 0]], np.int32), "seeds": np.zeros(1, np.int32)}
    before = in_numpy(network({"vectors": x, **inputs}, training=False))
    x[0, 2:4] *= -3
    after = in_numpy(network({"vectors": x, **inputs}, training=False))
    np.testing.assert_allclose(after[0, :2], before[0, :2], rtol=1e-5)
    assert np.abs(after[0, 2:5] - before[0, 2:5]).max(axis=1).min() > 1e-3
