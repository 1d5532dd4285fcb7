"""Two towers over interactions alone: a person is the items that were taken, an item the people who took it."""

from collections.abc import Mapping
from typing import Any

from slatewright.models.neural.engine.choosing import keras_engine


def interaction_towers(sizes: Mapping[str, Any], precision: str) -> Any:
    """Vectors of length 1 from ``profile`` (n, d) and ``item`` (m, d), the sums of what the first layers say.

    Vectors are D + 1 numbers: the last one is 1 for a person and 0 for an item, where an item that nobody took may be
    put last.
    """
    keras = keras_engine("DMF")
    sides = {}
    for name, side, last in (("profile", "person", 1.0), ("item", "thing", 0.0)):
        start = keras.Input((sizes["dim"],), name=name)
        layer = start
        for at, width in enumerate(sizes["layers"]):
            activation = "relu" if at + 1 < len(sizes["layers"]) else None
            layer = keras.layers.Dense(width, activation=activation, dtype=precision, name=f"{side}{at}")(layer)
        layer = keras.ops.cast(layer, "float32")
        unit = layer * keras.ops.rsqrt(keras.ops.sum(keras.ops.square(layer), axis=1, keepdims=True) + 1e-12)
        vector = keras.ops.concatenate([unit, keras.ops.ones_like(unit[:, :1]) * last], axis=1)
        sides[side] = keras.Model({name: start}, vector, name=side)
    inputs = {name: keras.Input((sizes["dim"],), name=name) for name in ("profile", "item")}
    people, things = sides["person"]({"profile": inputs["profile"]}), sides["thing"]({"item": inputs["item"]})
    return keras.Model(inputs, [people, things])
