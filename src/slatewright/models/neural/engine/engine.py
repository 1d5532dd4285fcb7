"""What every engine can do, and the one of this process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from slatewright.core.arrays import Array, Scores, Weights
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.task import Call, Objective

KEPT = 32  # compiled objectives that are kept for a second fit
CLASSES: Mapping[str, str] = {"jax": "JaxEngine", "torch": "TorchEngine", "tensorflow": "TensorFlowEngine"}


@dataclass(frozen=True, slots=True)
class Dense:
    """How the weights of a network move; all that is compiled into a step besides the objective."""

    weight_decay: float = 0.0
    clip_norm: float | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Weights of the network, in the order of its variables, and of its optimiser; arrays of the engine."""

    weights: Sequence[Any]
    optimiser: Sequence[Any]

    def arrays(self) -> tuple[list[Array], list[Array]]:
        """Both in NumPy."""
        from_engine = keras_engine().ops.convert_to_numpy
        return [from_engine(one) for one in self.weights], [from_engine(one) for one in self.optimiser]


@dataclass(frozen=True, slots=True)
class Moved:
    """After a step: the new state, the mean loss of the batch, and the gradients of what was looked up, by role."""

    state: State
    loss: float
    gradients: Mapping[str, Scores]


class Step(Protocol):
    """One step of training, compiled."""

    def start(self, weights: Sequence[Array], optimiser: Sequence[Array] | None = None) -> State:
        """The state before the first step; ``optimiser`` is that of a checkpoint."""

    def __call__(
        self,
        state: State,
        vectors: Mapping[str, Scores],
        inputs: Mapping[str, Array],
        weights: Weights,
        learning_rate: float,
    ) -> Moved:
        """Take a step down the mean of the losses, weighted by ``weights`` float32 (n,)."""


class Engine(Protocol):
    """An engine: compiled once per objective, and called with plain arrays."""

    def step(self, objective: Objective, dense: Dense) -> Step:
        """The step of an objective; the same object for equal objectives."""

    def answer(self, call: Call, weights: Sequence[Array], inputs: Mapping[str, Array]) -> Array:
        """What a network says to inputs by name, in NumPy. Inputs of few different shapes are compiled few times."""


@cache
def chosen_engine() -> Engine:
    """The engine of this process."""
    name = keras_engine().backend.backend()
    module = import_module(f"slatewright.models.neural.engine.{name}_engine")
    engine: Engine = getattr(module, CLASSES[name])()
    return engine
