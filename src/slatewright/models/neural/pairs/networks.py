"""Networks over a user's row and items' rows: GMF, MLP, and both at once (NeuMF)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from slatewright.core.arrays import Array
from slatewright.models.neural.engine.choosing import keras_engine

PREDICTION = "prediction"


def dot(sizes: Mapping[str, Any], precision: str) -> Any:
    """The inner product and both biases, the last numbers of the rows."""
    keras, d = keras_engine("MF"), sizes["dim"]
    user, item = _inputs(d + 1)
    return keras.Model([user, item], _dot_layer()(dtype=precision)([user, item], d=d))


@cache
def _dot_layer() -> Any:
    keras = keras_engine()

    class Dot(keras.layers.Layer):  # type: ignore[misc, name-defined]  # Keras has no types
        """Inner products with items of each user's own (n, m, d), or with the same for all users (1, m, d)."""

        def call(self, rows: Any, d: int) -> Any:
            user, item = rows
            return _products(user[:, :d], item[..., :d]) + item[..., d] + user[..., None, d]

    return Dot


def _products(user: Any, item: Any) -> Any:
    """Inner products (n, m) of rows (n, d) with each one's own (n, m, d), or with the same for all (1, m, d)."""
    ops = keras_engine().ops
    if item.shape[0] == 1:
        return ops.matmul(user, ops.transpose(item[0]))
    return ops.matmul(item, user[..., None])[..., 0]


def neumf(sizes: Mapping[str, Any], precision: str) -> Any:
    """Generalised factorisation (``gmf`` numbers) beside a perceptron (``mlp`` numbers, then ``layers``).

    Either may be 0 numbers wide: what is left is GMF, or MLP. The first layer over (user, item) is a sum of one over
    each, so that a user is multiplied once for all items.
    """
    g, m = sizes["gmf"], sizes["mlp"]
    keras = keras_engine("NeuMF" if g and m else "MLP" if m else "GMF")
    layers, ops, flat = keras.layers, keras.ops, _flat_layer()
    user, item = _inputs(g + m)
    parts = [user, item]
    if m:
        first, *rest = sizes["layers"]
        hidden = layers.Dense(first, dtype=precision, name="user_side")(user[..., g:])[..., None, :]
        hidden = ops.relu(hidden + flat(first, use_bias=False, dtype=precision, name="item_side")(item[..., g:]))
        for at, width in enumerate(rest):
            hidden = layers.Dropout(sizes["dropout"], seed=at)(hidden) if sizes["dropout"] else hidden
            hidden = flat(width, activation="relu", dtype=precision, name=f"layer{at + 1}")(hidden)
        parts.append(hidden)
    return keras.Model([user, item], _prediction_layer()(g, dtype=precision, name=PREDICTION)(parts))


@cache
def _prediction_layer() -> Any:
    keras = keras_engine()

    class Prediction(keras.layers.Layer):  # type: ignore[misc, name-defined]  # Keras has no types
        """Dense(1) over the products of g numbers beside what the perceptron says (n, m, h), without the products."""

        def __init__(self, g: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.g = g

        def build(self, shapes: Any) -> None:
            _, _, *hidden = shapes
            width = self.g + sum(shape[-1] for shape in hidden)
            self.kernel = self.add_weight((width, 1), name="kernel")
            self.bias = self.add_weight((1,), initializer="zeros", name="bias")

        def call(self, rows: Any) -> Any:
            user, item, *hidden = rows
            ops, g, scores = keras.ops, self.g, self.bias[0]
            if g:
                scores = scores + _products(user[:, :g] * self.kernel[:g, 0], item[..., :g])
            for one in hidden:
                flat = ops.matmul(ops.reshape(one, (-1, one.shape[-1])), self.kernel[g:])
                scores = scores + ops.reshape(flat, ops.shape(one)[:-1])
            return scores

    return Prediction


def product_weights(network: Any) -> Any | None:
    """What the products of a user's and an item's numbers count, (g,); None where they all count 1."""
    found = [one for one in network.layers if one.name == PREDICTION]
    return found[0].kernel[: found[0].g, 0] if found else None


def with_equal_products(network: Any, weights: Sequence[Array]) -> Sequence[Array]:
    """The weights with 1 for each product: from small ones of both signs an inner product is a pass away."""
    equal = [np.array(one) for one in weights]
    for variable, weight in zip(network.variables, equal, strict=True):
        if variable.path == f"{PREDICTION}/kernel":
            weight[: network.get_layer(PREDICTION).g] = 1
    return equal


@cache
def _flat_layer() -> Any:
    keras = keras_engine()

    class FlatDense(keras.layers.Dense):  # type: ignore[misc, name-defined]  # Keras has no types
        """Dense over (n, m, d) as over (n m, d): the gradient of its matrix is one product, five times as quick."""

        def call(self, rows: Any, training: bool | None = None) -> Any:
            shape = keras.ops.shape(rows)
            flat = super().call(keras.ops.reshape(rows, (-1, rows.shape[-1])))
            return keras.ops.reshape(flat, (*shape[:-1], self.units))

    return FlatDense


def _inputs(width: int) -> tuple[Any, Any]:
    """A user's row (n, width), and rows of items (n or 1, m, width)."""
    layers = keras_engine().layers
    return layers.Input((width,)), layers.Input((None, width))
