"""A perceptron over the row of a user beside the row of an item."""

from dataclasses import dataclass

from slatewright.core.knobs import check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.model import Model
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.answering import scoring
from slatewright.models.neural.pairs.learning import (
    Dropout,
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


@dataclass(frozen=True)
class MLP(NeuralKnobs):
    """A perceptron reads a user's row beside an item's and tells what was taken.

    He, Liao, Zhang, Nie, Hu, Chua: Neural Collaborative Filtering (WWW 2017).
    """

    layers: Layers = (64, 32, 16, 8)
    dropout: Dropout = 0.0
    loss: Loss = "bce"
    negatives_from: NegativesFrom = "drawn"
    n_negatives: NNegatives = 4
    negative_exponent: NegativeExponent = 0.0
    unobserved_weight: Unobserved = None
    reg: Reg = 0.0

    def __post_init__(self) -> None:
        check_knobs(self)
        checked_layers("MLP", self.layers)

    def fit(self, dataset: Dataset) -> PairNetwork:
        """Learn rows of the users and items of a data set and the perceptron over them.

        Raises:
            MissingExtra: no engine is installed.
            Diverged: the loss left the range of numbers.
            NoRoom: a step does not fit into memory.
        """
        start = Start.drawn(self._whole, dataset, self.layers[0] // 2, self)
        return self.fitted(dataset, learn(dataset, self, self, start, scoring(self._whole)))

    def fitted(self, dataset: Dataset, learned: Learned) -> PairNetwork:
        """The model of what was learned."""
        return networked(dataset, self._whole, learned)

    def begun(self, model: Model) -> Start:
        """What these knobs learn on from: the rows and weights of a model that they fitted.

        Raises:
            BadInput: the model is of another estimator or size.
        """
        return learned_on(self, model, self._whole)

    @property
    def _whole(self) -> Spec:
        first, *rest = self.layers
        return Spec.of("neumf", self.precision, gmf=0, mlp=first // 2, layers=rest, dropout=self.dropout)

    def cost(self, size: Size) -> Cost:
        """See ``pair_cost``."""
        return pair_cost(size, self, self, self.layers[0] // 2, network_weights(self.layers))
