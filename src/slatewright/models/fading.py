"""Old events count less: weights halve every ``half_life_days``."""

from dataclasses import replace
from typing import Annotated, TypeAlias

import numpy as np

from slatewright.core.arrays import Array, Times, Weights
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.core.knobs import Knob
from slatewright.data.histories import Histories

HalfLife: TypeAlias = Annotated[
    float | None, Knob("in training an event this many days old counts half", above=0, search=(7, 730))
]
HistoryHalfLife: TypeAlias = Annotated[
    float | None, Knob("in the history that asks, an event this many days old counts half", above=0, search=(1, 365))
]
EventHalfLife: TypeAlias = Annotated[
    float | None, Knob("an event this many days old counts half; none: all count alike", above=0, search=(7, 730))
]
SameHalfLife: TypeAlias = Annotated[
    float | None, Knob("the same in the history that asks; none: as half_life_days", above=0, search=(1, 365))
]


def faded(weights: Weights, times: Times, as_of: int, half_life_days: float | None) -> Weights:
    """Weights as seen from ``as_of``, float32 (events,); an event after it counts in full, None fades nothing."""
    if half_life_days is None:
        return weights
    age = np.maximum(as_of - times, 0) / (half_life_days * MICROSECONDS_PER_DAY)
    return (weights * np.exp2(-age)).astype(np.float32)


def faded_histories(histories: Histories, as_of: int, half_life_days: float | None) -> Histories:
    """The same histories with faded weights; shares the other arrays."""
    if half_life_days is None:
        return histories
    weights = faded(histories.weights, histories.times, as_of, half_life_days)
    return replace(histories, weights=weights)


def faded_as_stored(histories: Histories, as_of: Times, half_life_days: Array) -> Histories:
    """The same by the arrays of a model: ``as_of`` int64 (1,), ``half_life_days`` float64 (1,), infinite: never."""
    half_life = float(half_life_days[0])
    return faded_histories(histories, int(as_of[0]), half_life if np.isfinite(half_life) else None)
