"""From what was learned to a model that is asked through its network."""

from slatewright.data.dataset import Dataset
from slatewright.models.model import Known
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.learning import Learned
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
