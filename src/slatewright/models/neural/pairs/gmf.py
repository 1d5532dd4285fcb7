"""Generalised matrix factorisation: an inner product whose numbers are weighted by what is learned."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.model import Known, Model
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.knobs import Embedded, PairKnobs, Reg
from slatewright.models.neural.pairs.learning import Learned, Start, learn, other_model, pair_cost
from slatewright.models.neural.pairs.unknown import Owners
from slatewright.models.shapes.owned_factors import OwnedFactors


@dataclass(frozen=True)
class GMF(PairKnobs, Embedded):
    """The products of a user's and an item's numbers, each with a weight of its own, tell what was taken.

    He, Liao, Zhang, Nie, Hu, Chua: Neural Collaborative Filtering (WWW 2017).
    """

    reg: Reg = 0.005

    def fit(self, dataset: Dataset) -> OwnedFactors:
        """Learn rows of the users and items of a data set; whoever comes later is mapped by the history.

        Raises:
            MissingExtra, Diverged, NoRoom: as ``train`` does.
        """
        learned = learn(dataset, self, Start.drawn(self._spec, dataset, self.embedding_dim, self), _scores)
        return self.fitted(dataset, learned)

    def fitted(self, dataset: Dataset, learned: Learned) -> OwnedFactors:
        """The model of what was learned."""
        items = _weighted(learned.items, learned.trained.weights)
        users = np.append(learned.users, np.ones((dataset.n_users, 1), dtype=np.float32), axis=1)
        histories = dataset.histories()
        known = Known(dataset.users, dataset.items, histories)
        return OwnedFactors(known, items, Owners.learned(histories, items, users), learned.trained.learning_curve)

    def begun(self, model: Model) -> Start:
        """What these knobs learn on from: the rows of a model that they fitted, in which the weights are already.

        Raises:
            BadInput: as ``checked``.
        """
        own = self.checked(model)
        weights = [np.ones((self.embedding_dim, 1), dtype=np.float32), own.item_factors[:1, -1]]
        return Start.of(self._spec, weights, own.owners.users[:, :-1], own.item_factors[:, :-1], self.tables)

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
        return Spec.of("neumf", self.precision, gmf=self.embedding_dim, mlp=0, layers=[], dropout=0.0)

    def cost(self, size: Size) -> Cost:
        """See ``pair_cost``."""
        return pair_cost(size, self, self.embedding_dim, self.embedding_dim)


def _made_here(model: OwnedFactors, d: int) -> bool:
    """Whether the vectors are as long as ``fitted`` makes them, and end as they do."""
    return model.item_factors.shape[1] == d + 1 and np.allclose(model.owners.users[:, -1], 1, atol=1e-3)


def _weighted(items: Scores, weights: Sequence[Array]) -> Scores:
    """The items' numbers times their weights, and the bias of all: what a user's numbers and 1 are multiplied with."""
    kernel, bias = (np.asarray(one, dtype=np.float32) for one in weights)
    return np.append(items * kernel[:, 0], np.full((len(items), 1), bias[0], dtype=np.float32), axis=1)


def _scores(users: Scores, items: Scores, weights: Sequence[Array]) -> Scores:
    weighted = _weighted(items, weights)
    return users @ weighted[:, :-1].T + weighted[:, -1]
