"""What the estimators of two towers share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from slatewright.core.arrays import Array, Mask, Scores
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.task import Task
from slatewright.models.neural.training import train
from slatewright.models.shapes.two_towers import TwoTowers

SPREAD = 0.05  # of the first vectors
HIDDEN = 0.02  # share of the samples that see no history: what is said to somebody new is learned as well


class TowersTask(Task, Protocol):
    """What trains two towers."""

    def trained(self, weights: Sequence[Array]) -> TwoTowers:
        """The model with the tables of now and these weights."""


@dataclass(frozen=True)
class TowerEstimator(NeuralKnobs, ABC):
    """Two towers, one for people and one for items, whose vectors are compared."""

    def fit(self, dataset: Dataset) -> TwoTowers:
        """Learn both towers.

        Raises:
            MissingExtra, Diverged, NoRoom: as ``train`` does.
        """
        rng = generator(self.rng)
        held_out, left = HeldOut.of(dataset.histories(), self.validation_share, rng)
        samples = Samples.of(left, dataset.n_items)
        task = self.task(self.fresh(dataset, samples, rng), dataset, samples, held_out)
        return learned(task, replace(self, rng=rng))

    @abstractmethod
    def fresh(self, dataset: Dataset, samples: Samples, rng: np.random.Generator) -> TwoTowers:
        """The model before it has learned."""

    @abstractmethod
    def spec_of(self, content: int, facts: int) -> Spec:
        """The network for items with so many numbers of ``content``, and people with so many of ``facts``."""

    @abstractmethod
    def task(self, model: TwoTowers, dataset: Dataset, samples: Samples, held_out: HeldOut) -> TowersTask:
        """What trains a model with the ids of a data set."""


def learned(task: TowersTask, knobs: NeuralKnobs) -> TwoTowers:
    """The model once the task is learned.

    Raises:
        MissingExtra, Diverged, NoRoom: as ``train`` does.
    """
    trained = train(task, knobs, generator(knobs.rng))
    return replace(task.trained(trained.weights), learning_curve=trained.learning_curve)


def drawn_rows(taught: Mask, width: int, rng: np.random.Generator) -> Scores:
    """A first vector for each that will be taught, zeros for the others: float32 (n, width)."""
    rows = rng.standard_normal((len(taught), width), dtype=np.float32) * np.float32(SPREAD)
    rows[~taught] = 0
    return rows
