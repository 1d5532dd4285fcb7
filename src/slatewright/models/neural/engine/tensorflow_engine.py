"""TensorFlow: a step is one traced function of weights, vectors and inputs."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
import tensorflow as tf

from slatewright.core.arrays import Array, Scores, Weights
from slatewright.models.neural.engine.engine import KEPT, Dense, Moved, State
from slatewright.models.neural.engine.stateless import Parts, answering
from slatewright.models.neural.task import Call, Objective


class TensorFlowEngine:
    """See ``Engine``."""

    def step(self, objective: Objective, dense: Dense) -> "TensorFlowStep":
        return _step(objective, dense)

    def answer(self, call: Call, weights: Sequence[Array], inputs: Mapping[str, Array]) -> Array:
        found: Array = _answer(call)(_tensors(weights), _named(inputs)).numpy()
        return found


class TensorFlowStep:
    """See ``Step``."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.traced = parts, tf.function(partial(_moved, parts), autograph=False)

    def start(self, weights: Sequence[Array], optimiser: Sequence[Array] | None = None) -> State:
        kept = self.parts.fresh() if optimiser is None else optimiser
        return State(_tensors(weights), _tensors(kept))

    def __call__(
        self,
        state: State,
        vectors: Mapping[str, Scores],
        inputs: Mapping[str, Array],
        weights: Weights,
        learning_rate: float,
    ) -> Moved:
        rate = tf.constant(learning_rate, tf.float32)
        batch = (_named(vectors), _named(inputs), tf.convert_to_tensor(weights))
        after, loss, slopes = self.traced(list(state.weights), list(state.optimiser), *batch, rate)
        return Moved(State(*after), float(loss), {role: one.numpy() for role, one in slopes.items()})


def _moved(
    parts: Parts, own: list[Any], optimiser: list[Any], vectors: Any, inputs: Any, counts: Any, learning_rate: Any
) -> Any:
    trainable = [own[at] for at in parts.trained]
    with tf.GradientTape() as tape:
        tape.watch([trainable, vectors])
        loss, after = parts.mean_loss(own, vectors, inputs, counts)
    slopes = tape.gradient(loss, (trainable, vectors), unconnected_gradients=tf.UnconnectedGradients.ZERO)
    slopes = tf.nest.map_structure(tf.convert_to_tensor, slopes)  # those of a lookup come as IndexedSlices
    dense, rows = parts.clipped(*slopes)
    return parts.moved(own, after, optimiser, dense, learning_rate), loss, rows


@lru_cache(KEPT)
def _step(objective: Objective, dense: Dense) -> TensorFlowStep:
    return TensorFlowStep(Parts(objective, dense))


@lru_cache(KEPT)
def _answer(call: Call) -> Any:
    return tf.function(answering(call), autograph=False)


def _tensors(arrays: Sequence[Array]) -> list[Any]:
    return [tf.convert_to_tensor(np.asarray(one)) for one in arrays]


def _named(arrays: Mapping[str, Array]) -> dict[str, Any]:
    return {name: tf.convert_to_tensor(one) for name, one in arrays.items()}
