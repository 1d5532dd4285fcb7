"""JAX: a step is one compiled function of weights, vectors and inputs."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from slatewright.core.arrays import Array, Scores, Weights
from slatewright.models.neural.engine.engine import KEPT, Dense, Moved, State
from slatewright.models.neural.engine.stateless import Parts, answering
from slatewright.models.neural.task import Call, Objective


class JaxEngine:
    """See ``Engine``."""

    def __init__(self) -> None:
        """A step's loss and gradients are wanted at once, so handing it to another thread would only cost."""
        jax.config.update("jax_cpu_enable_async_dispatch", False)

    def step(self, objective: Objective, dense: Dense) -> "JaxStep":
        return _step(objective, dense)

    def answer(self, call: Call, weights: Sequence[Array], inputs: Mapping[str, Array]) -> Array:
        return np.asarray(_answer(call)(list(weights), {name: _placed(one) for name, one in inputs.items()}))


class JaxStep:
    """See ``Step``."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.compiled = parts, jax.jit(partial(_moved, parts))

    def start(self, weights: Sequence[Array], optimiser: Sequence[Array] | None = None) -> State:
        kept = self.parts.fresh() if optimiser is None else optimiser
        return State([jnp.asarray(one) for one in weights], [jnp.asarray(one) for one in kept])

    def __call__(
        self,
        state: State,
        vectors: Mapping[str, Scores],
        inputs: Mapping[str, Array],
        weights: Weights,
        learning_rate: float,
    ) -> Moved:
        batch = ({name: _placed(one) for name, one in part.items()} for part in (vectors, inputs))
        rate = np.float32(learning_rate)
        after, loss, slopes = self.compiled(list(state.weights), list(state.optimiser), *batch, _placed(weights), rate)
        return Moved(State(*after), float(loss), {role: np.asarray(one) for role, one in slopes.items()})


def _moved(
    parts: Parts, own: list[Any], optimiser: list[Any], vectors: Any, inputs: Any, counts: Any, learning_rate: Any
) -> Any:
    def loss_of(trainable: list[Any], vectors: Any) -> Any:
        now = dict(zip(parts.trained, trainable, strict=True))
        return parts.mean_loss([now.get(at, one) for at, one in enumerate(own)], vectors, inputs, counts)

    slopes_of = jax.value_and_grad(loss_of, argnums=(0, 1), has_aux=True)
    (loss, after), slopes = slopes_of([own[at] for at in parts.trained], vectors)
    dense, rows = parts.clipped(*slopes)
    return parts.moved(own, after, optimiser, dense, learning_rate), loss, rows


@lru_cache(KEPT)
def _step(objective: Objective, dense: Dense) -> JaxStep:
    return JaxStep(Parts(objective, dense))


@lru_cache(KEPT)
def _answer(call: Call) -> Any:
    return jax.jit(answering(call))


def _placed(array: Array) -> Any:
    """The array as it is, or spread over devices where Keras was told of several (``keras.distribution``)."""
    distribution = keras.distribution.distribution()
    if distribution is None or not array.ndim or array.shape[0] % np.prod(distribution.device_mesh.shape):
        return array
    layout = distribution.get_data_layout(array.shape)
    return jax.device_put(array, getattr(layout, "backend_layout", layout))
