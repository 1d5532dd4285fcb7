"""A perceptron over the row of a user beside the row of an item."""

from dataclasses import dataclass

from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.answering import scoring
from slatewright.models.neural.pairs.knobs import PairKnobs
from slatewright.models.neural.pairs.learning import Start, learn, pair_cost
from slatewright.models.neural.pairs.perceptron import Perceptron
from slatewright.models.shapes.pair_network import PairNetwork


@dataclass(frozen=True)
class MLP(PairKnobs, Perceptron):
    """A perceptron reads a user's row beside an item's and tells what was taken.

    He, Liao, Zhang, Nie, Hu, Chua: Neural Collaborative Filtering (WWW 2017).
    """

    def fit(self, dataset: Dataset) -> PairNetwork:
        """Learn rows of the users and items of a data set and the perceptron over them.

        Raises:
            MissingExtra, Diverged, NoRoom: as ``train`` does.
        """
        learned = learn(dataset, self, Start.drawn(self.spec, dataset, self.row_width, self), scoring(self.spec))
        return self.fitted(dataset, learned)

    @property
    def spec(self) -> Spec:
        """The network."""
        hidden = list(self.layers[1:])
        return Spec.of("neumf", self.precision, gmf=0, mlp=self.row_width, layers=hidden, dropout=self.dropout)

    def cost(self, size: Size) -> Cost:
        """See ``pair_cost``."""
        return pair_cost(size, self, self.row_width, self.n_weights)
