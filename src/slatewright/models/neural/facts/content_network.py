"""A content network: vectors for items that nobody took, from their facts and texts, as a factorisation would have
them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Array, Index, Scores
from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.models.blends.parts import check_estimators
from slatewright.models.costs import FLOPS, Cost, Costed, Size
from slatewright.models.factorisation.als import ALS
from slatewright.models.hybrid.fact_map import filled, took
from slatewright.models.model import Estimator, learned_by, may_learn
from slatewright.models.neural.batch import Batch, n_batches
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.engine.engine import chosen_engine
from slatewright.models.neural.facts.drawing import dealt_in_full
from slatewright.models.neural.facts.fact_net import Marks
from slatewright.models.neural.facts.recipe import Dropout, Layers, Vectors, network_work
from slatewright.models.neural.facts.vectors import FactVectors
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.networks import AroundNetwork, Spec
from slatewright.models.neural.tables import Table
from slatewright.models.neural.task import Network, Tensor, Tensors
from slatewright.models.neural.training import train
from slatewright.models.shapes.factors import Factors

USUAL, ITEMS = ALS(), FactVectors()
FLOOR = 0.1  # of the mean: how much a direction counts in which users hardly differ


@dataclass(frozen=True)
class ContentNetwork(NeuralKnobs):
    """Any factorisation, and a network from facts to its factors for the items that nobody took.

    The network learns to imitate the vectors of items with events, so that users score them as they do: what Volkovs,
    Yu, Poutanen: DropoutNet (NIPS 2017) and Gantner et al. (ICDM 2010) have in common. A squared error is measured by
    how much users differ in its direction.
    """

    estimator: Annotated[Estimator, Knob("what learns the factors")] = USUAL
    layers: Layers = (256,)
    dropout: Dropout = 0.3
    vectors: Vectors = ITEMS
    epochs: Annotated[int, Knob("most passes over the items", least=1, search=(10, 300))] = 60
    batch_size: Annotated[int, Knob("items per step", least=1, search=(32, 1024))] = 128
    weight_decay: Annotated[
        float, Knob("share of a weight that fades per step, times the learning rate", least=0, most=10)
    ] = 1.0
    validation_share: Annotated[
        float, Knob("share of the items held out to judge each epoch; 0: train on all", least=0, below=1)
    ] = 0.1
    patience: Annotated[
        int | None, Knob("epochs without a better validation after which training stops; none: never", least=1)
    ] = 10

    def __post_init__(self) -> None:
        super().__post_init__()
        check_estimators(self, (self.estimator,))
        if not may_learn(self.estimator, (Factors,)):
            raise self._no_factors(*learned_by(self.estimator))

    def fit(self, dataset: Dataset) -> Factors:
        """Fit the factorisation, teach the network by its items, and fill in the others.

        Raises:
            BadKnob: the estimator does not give factors.
            MissingExtra, Diverged, NoRoom: as ``train`` does.
        """
        model = self.estimator.fit(dataset)
        if not isinstance(model, Factors):
            raise self._no_factors(type(model))
        taught = np.flatnonzero(took(model)).astype(np.int32)
        if not len(taught):
            return model
        rng = generator(self.rng)
        reader = self.vectors.learn(dataset.item_facts, took(model) if dataset.item_facts.height else None)
        content = reader.read(dataset.item_facts, dataset.n_items)
        if not reader.width:
            return model
        task = self._task(content, model, taught, rng)
        trained = train(task, replace(self, rng=rng))
        return filled(model, task.vectors(trained.weights, content), dataset)

    def _task(self, content: Scores, model: Factors, taught: Index, rng: np.random.Generator) -> "ImitationTask":
        order = rng.permutation(taught)
        cut = round(self.validation_share * len(taught))
        factors = model.item_factors
        centre = factors[taught].mean(axis=0)
        scale = metric_of(model.crowd)
        width = max(float(np.sqrt(np.square((factors[taught] - centre) @ scale).sum(axis=1).mean())), 1e-12)
        spec = Spec.of(
            "content", self.precision, content=content.shape[1], dim=factors.shape[1], layers=self.layers,
            dropout=self.dropout,
        )  # fmt: skip
        return ImitationTask(
            spec, spec.initial(rng), content, (factors - centre) @ (scale / width), order[cut:], order[:cut],
            self.batch_size, centre, np.linalg.inv(scale / width),
        )  # fmt: skip

    def _no_factors(self, *given: type) -> BadKnob:
        gives = " or ".join(one.__name__ for one in given)
        return BadKnob(f"ContentNetwork.estimator must learn Factors, got {type(self.estimator).__name__}: {gives}")

    def cost(self, size: Size) -> Cost:
        """That of the factorisation, then of the network: the contents of all items, there and back."""
        base = self.estimator.cost(size) if isinstance(self.estimator, Costed) else Cost(0.0)
        work = 6.0 * self.epochs * size.n_items * network_work(self.vectors.width, self.layers)
        own = 8.0 * self.vectors.width * size.n_items + 40.0 * size.n_entries()
        return Cost(max(base.memory, own), {**base.work, FLOPS: base.work.get(FLOPS, 0.0) + work})


def metric_of(crowd: Scores) -> Array:
    """The root of how much users differ in each direction, float64 (d, d) of mean 1: ``|x metric|²`` is the mean square
    by which a score changes where an item's vector changes by x, plus ``FLOOR`` everywhere."""
    values, turns = np.linalg.eigh(crowd.astype(np.float64))
    values = np.maximum(values, 0)
    shares = values / max(float(values.mean()), 1e-30) + FLOOR
    root: Array = turns * np.sqrt(shares) @ turns.T
    return root


@dataclass(frozen=True)
class Imitation(AroundNetwork):
    """See ``Objective``: the squared distance from the vector that was learned from events."""

    def loss(self, network: Network, vectors: Tensors, inputs: Tensors, training: bool) -> Tensor:
        """The loss of each sample, (n,)."""
        ops = keras_engine().ops
        return ops.sum(
            ops.square(network({"content": inputs["content"]}, training=training) - inputs["target"]), axis=1
        )


@dataclass(frozen=True)
class ImitationTask:
    """See ``Task``: ``targets`` float64 (n_items, d) by ``content`` float32 (n_items, C); ``taught`` and ``judged`` are
    items. A target is ``(vector - centre) / back``."""

    spec: Spec
    weights: Sequence[Array]
    content: Scores
    targets: Array
    taught: Index
    judged: Index
    batch_size: int
    centre: Scores
    back: Array

    @property
    def tables(self) -> Mapping[str, Table]:
        return {}

    @property
    def roles(self) -> Mapping[str, str]:
        return {}

    @property
    def objective(self) -> Imitation:
        return Imitation(self.spec)

    @property
    def steps(self) -> int:
        return n_batches(len(self.taught), self.batch_size)

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        for at, share in dealt_in_full(len(self.taught), self.batch_size, rng):
            items = self.taught[at]
            yield Batch({}, share, {"content": self.content[items], "target": self.targets[items].astype(np.float32)})

    def validation(self, weights: Sequence[Array]) -> float | None:
        """The negative mean squared distance."""
        if not len(self.judged):
            return None
        said = self._said(weights, self.content[self.judged])
        return -float(np.square(said - self.targets[self.judged]).sum(axis=1).mean())

    def vectors(self, weights: Sequence[Array], content: Scores) -> Scores:
        """The vectors that the network gives to items with this content, float32 (n, d)."""
        said = self._said(weights, content) @ self.back
        return (self.centre + said).astype(np.float32)

    def _said(self, weights: Sequence[Array], content: Scores) -> Scores:
        said: Scores = chosen_engine().answer(Marks(self.spec), weights, {"content": content})
        return said
