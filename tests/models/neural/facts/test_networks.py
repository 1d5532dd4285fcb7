"""The networks over facts against the formulas of their papers, in NumPy."""

from typing import Any

import numpy as np
import pytest

from slatewright.core.arrays import Array
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import Spec, built
from slatewright.models.neural.task import Network

N, FIELDS, DIM, NUMBERS, HISTORY, WIDE = 5, 3, 2, 2, 4, 6
SIZES: dict[str, Any] = {
    "fields": FIELDS, "dim": DIM, "numbers": NUMBERS, "history": HISTORY, "layers": [4, 3], "dropout": 0.5,
}  # fmt: skip


def drawn(*shape: int) -> Array:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


def asked(wide: bool) -> dict[str, Array]:
    inputs = {
        "fields": drawn(N, FIELDS, DIM), "numbers": drawn(N, NUMBERS), "history": drawn(N, HISTORY, DIM),
        "history_shares": np.tile(np.array([0.5, 0.5, 0, 0], np.float32), (N, 1)),
    }  # fmt: skip
    return inputs | ({"wide": drawn(N, WIDE, 1), "wide_shares": abs(drawn(N, WIDE))} if wide else {})


def learned(network: Network) -> dict[str, list[Array]]:
    """Other weights than those of the start, by layer: a bias that is left out shows."""
    for one in network.trainable_variables:
        one.assign(np.random.default_rng(len(one.path)).standard_normal(one.shape).astype(np.float32))
    return {layer.name: [one.numpy() for one in layer.trainable_weights] for layer in network.layers}


def in_numpy(tensor: Any) -> Array:
    array: Array = keras_engine().ops.convert_to_numpy(tensor)
    return array


def start_of(inputs: dict[str, Array]) -> Array:
    profile = (inputs["history"] * inputs["history_shares"][..., None]).sum(axis=1)
    return np.concatenate([inputs["fields"].reshape(N, -1), profile, inputs["numbers"]], axis=1)


def tower(start: Array, weights: dict[str, list[Array]]) -> Array:
    for name in ("layer0", "layer1"):
        start = np.maximum(start @ weights[name][0] + weights[name][1], 0)
    return start


@pytest.mark.parametrize("rank", [None, 2])
def test_deep_cross_multiplies_by_the_first_layer_and_adds_what_came_in(rank: int | None) -> None:
    network = built(Spec.of("deep_cross", **SIZES, wide=0, crosses=2, rank=rank))
    weights, inputs = learned(network), asked(wide=False)
    first = layer = start_of(inputs)
    for name in ("cross0", "cross1"):
        *matrices, bias = weights[name]
        product = layer
        for matrix in matrices:
            product = product @ matrix
        layer = first * (product + bias) + layer
    kernel, bias = weights["both"]
    expected = np.concatenate([layer, tower(first, weights)], axis=1) @ kernel + bias
    np.testing.assert_allclose(in_numpy(network(inputs, training=False)), expected[:, 0], rtol=2e-4)


def test_wide_and_deep_adds_its_sides() -> None:
    network = built(Spec.of("wide_and_deep", **SIZES, wide=WIDE))
    weights, inputs = learned(network), asked(wide=True)
    kernel, bias = weights["deep"]
    expected = (inputs["wide"][..., 0] * inputs["wide_shares"]).sum(axis=1)
    expected += (tower(start_of(inputs), weights) @ kernel + bias)[:, 0]
    expected += (inputs["numbers"] @ weights["wide_numbers"][0])[:, 0]
    np.testing.assert_allclose(in_numpy(network(inputs, training=False)), expected, rtol=2e-4)


def test_numbers_are_left_out_while_learning_only() -> None:
    network, inputs = built(Spec.of("wide_and_deep", **SIZES, wide=WIDE)), asked(wide=True)
    learned(network)
    still, again = (in_numpy(network(inputs, training=False)) for _ in range(2))
    np.testing.assert_array_equal(still, again)
    assert (in_numpy(network(inputs, training=True)) != still).any()
