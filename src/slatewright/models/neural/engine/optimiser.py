"""AdamW over the weights of a network, as a function of its state: the same numbers on every engine.

Keras' own optimisers hold their state, and take none from outside on TensorFlow (Kingma and Ba: Adam, ICLR 2015;
Loshchilov and Hutter: Decoupled Weight Decay Regularization, ICLR 2019).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from slatewright.core.arrays import Array
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.tables import Pace


def fresh(weights: Sequence[Any]) -> list[Array]:
    """The state before the first step: the number of steps, then first and second moments of the trained weights."""
    zeros = [np.zeros(tuple(one.shape), dtype=np.float32) for one in weights]
    return [np.zeros((), dtype=np.float32), *zeros, *(one.copy() for one in zeros)]


def clipped(
    clip_norm: float | None, slopes: Sequence[Any], row_slopes: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """The gradients of the network and of what was looked up, cut together to a length."""
    if clip_norm is None:
        return list(slopes), dict(row_slopes)
    ops = keras_engine().ops
    squares = [ops.sum(ops.square(one)) for one in (*slopes, *row_slopes.values())]
    kept = clip_norm / ops.maximum(ops.sqrt(sum(squares)), clip_norm)
    return [one * kept for one in slopes], {role: one * kept for role, one in row_slopes.items()}


def moved(
    slopes: Sequence[Any], weights: Sequence[Any], state: Sequence[Any], pace: Pace
) -> tuple[list[Any], list[Any]]:
    """The weights and the state after a step; only matrices fade, gains and biases do not."""
    ops, n = keras_engine().ops, len(weights)
    steps = state[0] + 1.0
    scale = pace.learning_rate / (1.0 - pace.keep_first**steps)
    width = 1.0 / (1.0 - pace.keep_second**steps)
    new, firsts, seconds = [], [], []
    for weight, slope, first, second in zip(weights, slopes, state[1 : n + 1], state[n + 1 :], strict=True):
        first = pace.keep_first * first + (1.0 - pace.keep_first) * slope
        second = pace.keep_second * second + (1.0 - pace.keep_second) * slope * slope
        kept = 1.0 - pace.learning_rate * pace.weight_decay if len(weight.shape) > 1 else 1.0
        new.append(kept * weight - scale * first / (ops.sqrt(second * width) + pace.least))
        firsts.append(first)
        seconds.append(second)
    return new, [steps, *firsts, *seconds]
