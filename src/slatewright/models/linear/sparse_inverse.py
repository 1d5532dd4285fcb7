"""A sparse approximation of the inverse that EASE takes, for catalogues whose dense one does not fit."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.fading import HalfLife, HistoryHalfLife
from slatewright.models.linear.descent import Limits, Penalties
from slatewright.models.linear.elastic_net import elastic_net, squares_of
from slatewright.models.linear.gram import ActivityDiscount, Dropout, discounted
from slatewright.models.linear.neighborhoods import descent_cost, model_of, table_of
from slatewright.models.shapes.item_pairs import ItemPairs

TOLERANCE = 1e-3  # a column is done when a pass over its neighbours moves no number by this much of the largest


@dataclass(frozen=True)
class SparseInverse:
    """EASE on a budget: n_neighbors items speak for or against each item.

    A column of the inverse of ``G + reg I``, divided by its diagonal, is minus the ridge regression of its item on all
    others. Kept to the n_neighbors items that explain it best by themselves, the regression needs nothing but those:
    neighbourhood selection (Meinshausen, Bühlmann: High-dimensional graphs and variable selection with the Lasso,
    Annals of Statistics 2006), which Steck used for recommending (Markov Random Fields for Collaborative Filtering,
    NeurIPS 2019).
    """

    n_neighbors: Annotated[int, Knob("items that may speak for or against each item", least=1, search=(50, 500))] = 200
    reg: Annotated[
        float, Knob("penalty on large numbers: the more, the less rare pairs say", above=0, search=(1, 3000))
    ] = 100.0
    dropout: Dropout = 0.0
    activity_discount: ActivityDiscount = 0.0
    epochs: Annotated[int, Knob("passes over the neighbours, at most", least=1, search=(10, 200))] = 100
    half_life_days: HalfLife = None
    history_half_life_days: HistoryHalfLife = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> ItemPairs:
        """Learn from the data set.

        Raises:
            BadInput: a weight is so large that its square cannot be added up in float32.
        """
        by_user = table_of("SparseInverse", dataset, self.half_life_days)
        return model_of(dataset, by_user, self.pairs(by_user), self.history_half_life_days)

    def pairs(self, by_user: sparse.csr_matrix) -> sparse.csc_matrix:
        """The numbers of all pairs, CSC float32 (n_items, n_items), nothing on the diagonal."""
        weighed = discounted(by_user, self.activity_discount)
        on_squares = self.reg + self.dropout / (1 - self.dropout) * squares_of(weighed)
        limits = Limits(self.n_neighbors, self.epochs, TOLERANCE)
        return elastic_net(weighed, Penalties(on_squares.astype(np.float64), 0.0, True), limits)

    def cost(self, size: Size) -> Cost:
        neighbors = min(self.n_neighbors, size.n_items)
        return descent_cost(size, neighbors, neighbors)
