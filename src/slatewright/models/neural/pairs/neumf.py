"""Neural matrix factorisation: a generalised factorisation and a perceptron, each with rows of its own."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.model import Model
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.answering import scoring
from slatewright.models.neural.pairs.learning import (
    Dropout,
    EmbeddingDim,
    Layers,
    Learned,
    Loss,
    NegativeExponent,
    NegativesFrom,
    NNegatives,
    Reg,
    Start,
    Unobserved,
    checked_layers,
    learn,
    network_weights,
    pair_cost,
)
from slatewright.models.neural.pairs.networked import learned_on, networked
from slatewright.models.shapes.pair_network import PairNetwork

HALF = 0.5  # the say of each part that was trained alone


@dataclass(frozen=True)
class NeuMF(NeuralKnobs):
    """GMF beside MLP under one prediction; trained from scratch, or from both parts trained alone first.

    He, Liao, Zhang, Nie, Hu, Chua: Neural Collaborative Filtering (WWW 2017).
    """

    embedding_dim: EmbeddingDim = 32
    layers: Layers = (64, 32, 16, 8)
    dropout: Dropout = 0.0
    loss: Loss = "bce"
    negatives_from: NegativesFrom = "drawn"
    n_negatives: NNegatives = 4
    negative_exponent: NegativeExponent = 0.0
    unobserved_weight: Unobserved = None
    reg: Reg = 0.0
    pretrain_epochs: Annotated[
        int, Knob("passes of the factorisation and of the perceptron, each alone first; 0: from scratch", least=0)
    ] = 0

    def __post_init__(self) -> None:
        check_knobs(self)
        checked_layers("NeuMF", self.layers)

    def fit(self, dataset: Dataset) -> PairNetwork:
        """Learn rows of the users and items of a data set and the network over them.

        Raises:
            MissingExtra: no engine is installed.
            Diverged: the loss left the range of numbers.
            NoRoom: a step does not fit into memory.
        """
        if isinstance(self.rng, np.random.Generator):  # one seed, so that parts and whole hold out the same users
            return replace(self, rng=int(self.rng.integers(2**63))).fit(dataset)
        spec = self._whole
        start = self._pretrained(dataset, spec) if self.pretrain_epochs else self._drawn(dataset, spec)
        return self.fitted(dataset, learn(dataset, self, self, start, scoring(spec)))

    def fitted(self, dataset: Dataset, learned: Learned) -> PairNetwork:
        """The model of what was learned."""
        return networked(dataset, self._whole, learned)

    def begun(self, model: Model) -> Start:
        """What these knobs learn on from: the rows and weights of a model that they fitted.

        Raises:
            BadInput: the model is of another estimator or size.
        """
        return learned_on(self, model, self._whole)

    def cost(self, size: Size) -> Cost:
        """See ``pair_cost``; both parts alone cost about as much as both together."""
        weights = network_weights(self.layers) + self.embedding_dim
        every = replace(self, epochs=self.epochs + self.pretrain_epochs)
        return pair_cost(size, every, self, self.embedding_dim + self.layers[0] // 2, weights)

    @property
    def _whole(self) -> Spec:
        return self._spec(self.embedding_dim, self.layers[0] // 2)

    def _spec(self, gmf: int, mlp: int) -> Spec:
        layers = list(self.layers[1:]) if mlp else []
        return Spec.of("neumf", self.precision, gmf=gmf, mlp=mlp, layers=layers, dropout=self.dropout if mlp else 0.0)

    def _drawn(self, dataset: Dataset, spec: Spec) -> Start:
        width = self.embedding_dim + self.layers[0] // 2
        return Start.drawn(spec, dataset, width, self)

    def _pretrained(self, dataset: Dataset, spec: Spec) -> Start:
        """Both parts alone, then side by side, each with half a say."""
        alone = replace(self, epochs=self.pretrain_epochs, patience=None, checkpoints=None)
        parts = []
        for own, width in (
            (self._spec(self.embedding_dim, 0), self.embedding_dim),
            (self._spec(0, self.layers[0] // 2), self.layers[0] // 2),
        ):
            start = Start.drawn(own, dataset, width, self)
            parts.append((own, learn(dataset, alone, self, start, scoring(own))))
        gmf, mlp = (learned for _, learned in parts)
        users = np.concatenate([HALF**0.5 * gmf.users, mlp.users], axis=1, dtype=np.float32)
        items = np.concatenate([HALF**0.5 * gmf.items, mlp.items], axis=1, dtype=np.float32)
        return Start.of(
            spec, _joined(spec, [_by_name(own, learned) for own, learned in parts]), users, items, self.tables
        )


def _by_name(spec: Spec, learned: Learned) -> dict[str, Array]:
    names = [one.path for one in spec.network().variables]
    return dict(zip(names, learned.trained.weights, strict=True))


def _joined(spec: Spec, parts: list[dict[str, Array]]) -> list[Array]:
    """The weights of both parts; what the products count stays near 1, and their half is in the rows."""
    gmf, mlp = parts
    both = {
        "prediction/kernel": np.concatenate([gmf["prediction/kernel"], HALF * mlp["prediction/kernel"]]),
        "prediction/bias": HALF * (gmf["prediction/bias"] + mlp["prediction/bias"]),
    }
    return [np.asarray((mlp | both)[one.path], dtype=np.float32) for one in spec.network().variables]
