"""Two towers over interactions alone: a person is the items that were taken, an item the people who took it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import Spec

LEAST = 1e-6  # of a chance: a cosine below 0 is none


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


@dataclass(frozen=True, slots=True)
class CosineLoss:
    """See ``Objective``. The first n of a batch's items are those of its n samples, the others were drawn for all."""

    spec: Spec
    n_negatives: int

    def network(self) -> Any:
        """The towers."""
        return self.spec.network()

    def loss(self, network: Any, vectors: Mapping[str, Any], inputs: Mapping[str, Any], training: bool) -> Any:
        """The cross-entropy of the cosine of each pair that was taken, and of those drawn for it, (n,).

        The drawn items that the user took as well are no negatives; what is left counts as ``n_negatives`` items.
        """
        ops = keras_engine().ops
        read = {
            "profile": ops.sum(vectors["history"] * inputs["history_shares"][:, :, None], axis=1),
            "item": ops.sum(vectors["audience"] * inputs["audience_shares"][:, :, None], axis=1),
        }
        people, items = network(read, training=training)
        n = ops.shape(people)[0]
        own = ops.sum(people * items[:n], axis=1)
        drawn = ops.matmul(people, ops.transpose(items[n:]))
        free = 1.0 - inputs["hits"][:, n:]
        missed = -ops.log(1.0 - ops.clip(drawn, LEAST, 1.0 - LEAST)) * free
        mean = ops.sum(missed, axis=1) / ops.maximum(ops.sum(free, axis=1), 1.0)
        return self.n_negatives * mean - ops.log(ops.clip(own, LEAST, 1.0 - LEAST))
