"""Neural matrix factorisation: a generalised factorisation and a perceptron, each with rows of its own."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Array
from slatewright.core.knobs import Knob
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.answering import scoring
from slatewright.models.neural.pairs.knobs import Embedded, EmbeddingDim, PairKnobs
from slatewright.models.neural.pairs.learning import Learned, Start, learn, pair_cost
from slatewright.models.neural.pairs.perceptron import Perceptron
from slatewright.models.shapes.pair_network import PairNetwork

HALF = 0.5  # the say of each part that was trained alone


@dataclass(frozen=True)
class NeuMF(PairKnobs, Perceptron, Embedded):
    """GMF beside MLP under one prediction; trained from scratch, or from both parts trained alone first.

    He, Liao, Zhang, Nie, Hu, Chua: Neural Collaborative Filtering (WWW 2017).
    """

    embedding_dim: EmbeddingDim = 32
    pretrain_epochs: Annotated[
        int, Knob("passes of the factorisation and of the perceptron, each alone first; 0: from scratch", least=0)
    ] = 0

    def fit(self, dataset: Dataset) -> PairNetwork:
        """Learn rows of the users and items of a data set and the network over them.

        Raises:
            MissingExtra, Diverged, NoRoom: as ``train`` does.
        """
        if isinstance(self.rng, np.random.Generator):  # one seed, so that parts and whole hold out the same users
            return replace(self, rng=int(self.rng.integers(2**63))).fit(dataset)
        return self.fitted(dataset, learn(dataset, self, self._start(dataset), scoring(self.spec)))

    def cost(self, size: Size) -> Cost:
        """See ``pair_cost``; both parts alone cost about as much as both together."""
        every = replace(self, epochs=self.epochs + self.pretrain_epochs)
        return pair_cost(size, every, sum(self._widths), self.n_weights + self.embedding_dim)

    @property
    def spec(self) -> Spec:
        """The network of both parts."""
        return self._spec_of(*self._widths)

    @property
    def _widths(self) -> tuple[int, int]:
        """Numbers of a row that are multiplied, and that the perceptron reads."""
        return self.embedding_dim, self.row_width

    def _spec_of(self, gmf: int, mlp: int) -> Spec:
        layers = list(self.layers[1:]) if mlp else []
        return Spec.of("neumf", self.precision, gmf=gmf, mlp=mlp, layers=layers, dropout=self.dropout if mlp else 0.0)

    def _start(self, dataset: Dataset) -> Start:
        return self._pretrained(dataset) if self.pretrain_epochs else self._drawn(dataset, *self._widths)

    def _drawn(self, dataset: Dataset, gmf: int, mlp: int) -> Start:
        return Start.drawn(self._spec_of(gmf, mlp), dataset, gmf + mlp, self)

    def _pretrained(self, dataset: Dataset) -> Start:
        """Both parts alone, then side by side, each with half a say."""
        alone = replace(self, epochs=self.pretrain_epochs, patience=None, checkpoints=None)
        starts = self._drawn(dataset, self.embedding_dim, 0), self._drawn(dataset, 0, self.row_width)
        gmf, mlp = (learn(dataset, alone, start, scoring(start.spec)) for start in starts)
        parts = [_by_name(start.spec, one) for start, one in zip(starts, (gmf, mlp), strict=True)]
        users = np.concatenate([HALF**0.5 * gmf.users, mlp.users], axis=1, dtype=np.float32)
        items = np.concatenate([HALF**0.5 * gmf.items, mlp.items], axis=1, dtype=np.float32)
        return Start.of(self.spec, _joined(self.spec, parts), users, items, self.tables)


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
