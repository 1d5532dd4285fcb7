"""From what was learned to a model that is asked through its network, and back."""

from slatewright.data.dataset import Dataset
from slatewright.models.model import Known, Model
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.learning import Learned, Start, other_model
from slatewright.models.neural.pairs.unknown import Owners
from slatewright.models.shapes.pair_network import PairNetwork


def networked(dataset: Dataset, spec: Spec, learned: Learned) -> PairNetwork:
    """The model of what was learned."""
    histories = dataset.histories()
    return PairNetwork(
        Known(dataset.users, dataset.items, histories),
        learned.items,
        Owners.learned(histories, learned.items, learned.users),
        spec,
        learned.trained.weights,
        learned.trained.learning_curve,
    )


def learned_on(estimator: NeuralKnobs, model: Model, spec: Spec) -> Start:
    """The rows and weights of a model of this network.

    Raises:
        BadInput: the model is of another one.
    """
    if not isinstance(model, PairNetwork) or model.spec != spec:
        raise other_model(estimator, model)
    return Start.of(spec, model.weights, model.owners.users, model.item_rows, estimator.tables)
