"""The seam between what is learned and how: an objective is compiled, a task brings the data to it."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

from slatewright.core.arrays import Array
from slatewright.models.neural.batch import Batch
from slatewright.models.neural.tables import Table

Tensor: TypeAlias = Any  # of whichever engine
Tensors: TypeAlias = Mapping[str, Tensor]  # by role or name
Network: TypeAlias = Any  # a built Keras model or layer; its weights are handed in from outside


class Objective(Hashable, Protocol):
    """What an engine compiles: hashable and without data, so that a second fit finds the step compiled.

    A frozen dataclass of a ``Spec`` and of the numbers in the loss.
    """

    def network(self) -> Network:
        """The built network: the dense part only. Always the same object, whose own weights are never read."""

    def loss(self, network: Network, vectors: Tensors, inputs: Tensors, training: bool) -> Tensor:
        """The loss of each sample, (n,), in operations of ``keras.ops``.

        ``vectors[role]`` is (shape of the role's ids, d), ``inputs`` is as in the batch. Call the network with
        ``training=training``.
        """


class Task(Protocol):
    """What ``train`` learns: tables and weights to start from, batches, and a judgement on held-out events."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """Tables of vectors by name; training changes them in place."""

    @property
    def roles(self) -> Mapping[str, str]:
        """The table in which the ids of each role look: ``{"history": "items", "target": "items"}``."""

    @property
    def objective(self) -> Objective:
        """The network and its loss."""

    @property
    def weights(self) -> Sequence[Array]:
        """The weights of the network to start from, in the order of ``network.variables``."""

    @property
    def steps(self) -> int:
        """How many batches an epoch has."""

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """The batches of one pass over the data; they may be drawn ahead of time, so it reads no table that changes."""

    def validation(self, weights: Sequence[Array]) -> float | None:
        """A ranking metric on held-out events of the training data, higher is better; None where nothing is held out.

        ``weights`` are those of the network as of now; the tables are up to date.
        """


class Call(Hashable, Protocol):
    """What an engine compiles to answer: hashable and without data, as an objective."""

    def network(self) -> Network:
        """The built network."""

    def answer(self, network: Network, inputs: Tensors) -> Tensor:
        """What the network says to inputs by name; call it with ``training=False``."""
