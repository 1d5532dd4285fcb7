"""What the estimators of two towers share."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from slatewright.core.arrays import Array, Mask, Scores
from slatewright.core.randomness import generator
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.task import Task
from slatewright.models.neural.training import train
from slatewright.models.shapes.two_towers import TwoTowers

SPREAD = 0.05  # of the first vectors
HIDDEN = 0.02  # share of the samples that see no history: what is said to somebody new is learned as well


class TowersTask(Task, Protocol):
    """What trains two towers."""

    def trained(self, weights: Sequence[Array]) -> TwoTowers:
        """The model with the tables of now and these weights."""


def learned(task: TowersTask, knobs: NeuralKnobs) -> TwoTowers:
    """The model once the task is learned.

    Raises:
        Diverged: the loss left the range of numbers.
        NoRoom: a step does not fit into memory.
    """
    trained = train(task, knobs, generator(knobs.rng))
    return replace(task.trained(trained.weights), learning_curve=trained.learning_curve)


def drawn_rows(taught: Mask, width: int, rng: np.random.Generator) -> Scores:
    """A first vector for each that will be taught, zeros for the others: float32 (n, width)."""
    rows = rng.standard_normal((len(taught), width), dtype=np.float32) * np.float32(SPREAD)
    rows[~taught] = 0
    return rows
