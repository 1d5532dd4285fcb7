"""Matrix factorisation with biases by a neural engine: a score is an inner product."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.model import Known, Model
from slatewright.models.neural.knobs import Epochs, LearningRate, Scheduled
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.knobs import Embedded, Loss, NegativesFrom, NNegatives, PairKnobs, Reg
from slatewright.models.neural.pairs.learning import Learned, Start, learn, other_model, pair_cost
from slatewright.models.neural.pairs.unknown import Owners
from slatewright.models.shapes.owned_factors import OwnedFactors


@dataclass(frozen=True)
class MF(PairKnobs, Embedded):
    """Vectors and biases of users and items, whose inner product tells what was taken from what was not.

    Rendle, Krichene, Zhang, Anderson: Neural Collaborative Filtering vs. Matrix Factorization Revisited (RecSys 2020).
    """

    epochs: Epochs = 15
    learning_rate: LearningRate = 0.01
    schedule: Scheduled = "cosine"
    loss: Loss = "softmax"
    negatives_from: NegativesFrom = "shared"
    n_negatives: NNegatives = 256
    reg: Reg = 0.1

    def fit(self, dataset: Dataset) -> OwnedFactors:
        """Learn vectors of the users and items of a data set; whoever comes later is mapped by the history.

        Raises:
            MissingExtra, Diverged, NoRoom: as ``train`` does.
        """
        learned = learn(dataset, self, Start.drawn(self._spec, dataset, self.embedding_dim + 1, self), _scores)
        return self.fitted(dataset, learned)

    def fitted(self, dataset: Dataset, learned: Learned) -> OwnedFactors:
        """The model of what was learned."""
        items, users = _items(learned.items), _users(learned.users)
        histories = dataset.histories()
        known = Known(dataset.users, dataset.items, histories)
        return OwnedFactors(known, items, Owners.learned(histories, items, users), learned.trained.learning_curve)

    def begun(self, model: Model) -> Start:
        """What these knobs learn on from: the rows of a model that they fitted.

        Raises:
            BadInput: as ``checked``.
        """
        own = self.checked(model)
        users = np.delete(own.owners.users, -2, axis=1)
        return Start.of(self._spec, self._spec.initial(generator(0)), users, own.item_factors[:, :-1], self.tables)

    def checked(self, model: Model) -> OwnedFactors:
        """The model, where these knobs can have fitted it.

        Raises:
            BadInput: it is of another estimator or size.
        """
        if not isinstance(model, OwnedFactors) or not _made_here(model, self.embedding_dim):
            raise other_model(self, model)
        return model

    @property
    def _spec(self) -> Spec:
        return Spec.of("dot", self.precision, dim=self.embedding_dim)

    def cost(self, size: Size) -> Cost:
        """See ``pair_cost``."""
        return pair_cost(size, self, self.embedding_dim + 1, self.embedding_dim, hidden=1.0)


def _made_here(model: OwnedFactors, d: int) -> bool:
    """Whether the vectors are as long as ``_users`` and ``_items`` make them, and end as they do."""
    return model.item_factors.shape[1] == d + 2 and np.allclose(model.item_factors[:, -1], 1, atol=1e-3)


def _users(rows: Scores) -> Scores:
    """A user's vector, 1 for the bias of the item, and the user's own bias."""
    return np.insert(rows, -1, 1, axis=1)


def _items(rows: Scores) -> Scores:
    """An item's vector and bias, and 1 for the bias of the user."""
    return np.append(rows, np.ones((len(rows), 1), dtype=np.float32), axis=1)


def _scores(users: Scores, items: Scores, weights: Sequence[Array]) -> Scores:
    return _users(users) @ _items(items).T
