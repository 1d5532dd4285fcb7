"""The same on every engine: a network or an objective read with weights that are handed in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from slatewright.core.arrays import Array
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.engine.engine import Dense
from slatewright.models.neural.engine.optimiser import clipped, fresh, moved
from slatewright.models.neural.tables import Pace
from slatewright.models.neural.task import Call, Objective


@dataclass(frozen=True)
class Parts:
    """An objective with its network and its optimiser; all of them without state."""

    objective: Objective
    dense: Dense

    @cached_property
    def network(self) -> Any:
        """The template, whose own weights are not read."""
        return self.objective.network()

    @cached_property
    def trained(self) -> list[int]:
        """Which of the network's weights the optimiser moves; the others are seeds and the like."""
        return [at for at, one in enumerate(self.network.variables) if one.trainable]

    def mean_loss(
        self, weights: Sequence[Any], vectors: Mapping[str, Any], inputs: Mapping[str, Any], counts: Any
    ) -> tuple[Any, list[Any]]:
        """The weighted mean of the losses, and the network's weights as its layers left them (seeds move on)."""
        keras, names = keras_engine(), self.network.variables
        with keras.StatelessScope(state_mapping=list(zip(names, weights, strict=True))) as scope:
            losses = self.objective.loss(self.network, vectors, inputs, True)
            after = [scope.get_current_value(one) for one in names]
        ops = keras.ops
        mean = ops.sum(losses * counts) / ops.maximum(ops.sum(counts), 1e-12)
        return mean, [own if one is None else one for own, one in zip(weights, after, strict=True)]

    def fresh(self) -> list[Array]:
        """What the optimiser keeps, before the first step."""
        return fresh([self.network.variables[at] for at in self.trained])

    def clipped(self, slopes: Sequence[Any], row_slopes: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Both kinds of gradients, cut together."""
        return clipped(self.dense.clip_norm, slopes, row_slopes)

    def moved(
        self, weights: Sequence[Any], after: list[Any], optimiser: Sequence[Any], slopes: Any, learning_rate: Any
    ) -> tuple[list[Any], list[Any]]:
        """All weights after a step, and the optimiser's."""
        pace = Pace(learning_rate, self.dense.weight_decay)
        new, state = moved(slopes, [weights[at] for at in self.trained], optimiser, pace)
        for at, value in zip(self.trained, new, strict=True):
            after[at] = value
        return after, state


def answering(call: Call) -> Callable[[Sequence[Any], Mapping[str, Any]], Any]:
    """``answered`` to be traced; the network is built before, for what a trace builds does not outlive it."""
    call.network()
    return partial(answered, call)


def answered(call: Call, weights: Sequence[Any], inputs: Mapping[str, Any]) -> Any:
    """What a network says with these weights."""
    network = call.network()
    mapping = list(zip(network.variables, weights, strict=True))
    with keras_engine().StatelessScope(state_mapping=mapping):
        return call.answer(network, inputs)
