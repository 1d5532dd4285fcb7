"""What the estimators with a perceptron share: its layers, and the way to the model and back."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob
from slatewright.data.dataset import Dataset
from slatewright.models.model import Known, Model
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.learning import Learned, Start, other_model
from slatewright.models.neural.pairs.unknown import Owners
from slatewright.models.shapes.pair_network import PairNetwork


@dataclass(frozen=True)
class Perceptron(NeuralKnobs, ABC):
    """Layers over a user's row beside an item's."""

    layers: Annotated[
        tuple[int, ...],
        Knob("widths of the perceptron's layers; the first is a user's row beside an item's, half each"),
    ] = (64, 32, 16, 8)
    dropout: Annotated[
        float, Knob("share of each hidden layer that is left out in training", least=0, below=1, search=(0.0, 0.5))
    ] = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.layers) < 2 or min(self.layers) < 1 or self.layers[0] % 2:
            raise BadKnob(
                f"{type(self).__name__}.layers must be two or more widths >= 1, the first of them even, "
                f"got {self.layers!r}"
            )

    @property
    @abstractmethod
    def spec(self) -> Spec:
        """The network."""

    @property
    def row_width(self) -> int:
        """Numbers of a row that the perceptron reads."""
        return self.layers[0] // 2

    @property
    def n_weights(self) -> int:
        """Weights of the perceptron and of the prediction over it, biases aside."""
        return sum(one * other for one, other in pairwise(self.layers)) + self.layers[-1]

    def fitted(self, dataset: Dataset, learned: Learned) -> PairNetwork:
        """The model of what was learned."""
        histories = dataset.histories()
        return PairNetwork(
            Known(dataset.users, dataset.items, histories),
            learned.items,
            Owners.learned(histories, learned.items, learned.users),
            self.spec,
            learned.trained.weights,
            learned.trained.learning_curve,
        )

    def begun(self, model: Model) -> Start:
        """What these knobs learn on from: the rows and weights of a model that they fitted.

        Raises:
            BadInput: as ``checked``.
        """
        own = self.checked(model)
        return Start.of(self.spec, own.weights, own.owners.users, own.item_rows, self.tables)

    def checked(self, model: Model) -> PairNetwork:
        """The model, where these knobs can have fitted it.

        Raises:
            BadInput: it is of another estimator or size.
        """
        if not isinstance(model, PairNetwork) or model.spec != self.spec:
            raise other_model(self, model)
        return model
