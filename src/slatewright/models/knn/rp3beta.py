"""RP3beta: a walk of three steps from a user, with popular items held back."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.fading import HalfLife, HistoryHalfLife
from slatewright.models.knn.evidence import LongestHistory, taken
from slatewright.models.knn.neighbors import Likeness, cost_of_pairs, nearest
from slatewright.models.model import Known
from slatewright.models.popularity import shares
from slatewright.models.shapes.item_pairs import ItemPairs


@dataclass(frozen=True)
class RP3beta:
    """Items reached by going from an item to one of its users and on to one of that user's items.

    Paudel, Christoffel, Newell, Bernstein, Updatable, Accurate, Diverse, and Scalable Recommendations for Interactive
    Applications, ACM TiiS 7(1), 2017.
    """

    n_neighbors: Annotated[int, Knob("neighbours kept per item", least=1, search=(20, 1000))] = 100
    step_exponent: Annotated[
        float, Knob("each step's chance to the power of this: alpha in the paper", above=0, most=2, search=(0.2, 1.5))
    ] = 0.7
    popularity_discount: Annotated[
        float,
        Knob(
            "an item counts less as a goal: divided by (users of the item) ** this; beta in the paper", least=0, most=1
        ),
    ] = 0.3
    longest_history: LongestHistory = 10_000
    half_life_days: HalfLife = None
    history_half_life_days: HistoryHalfLife = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> ItemPairs:
        """Walk from every item and keep the most likely ends."""
        by_user = taken(dataset, self.half_life_days, self.longest_history)
        by_user.data = np.maximum(by_user.data, 0)  # a chance is not negative
        by_user.eliminate_zeros()
        to_users, to_items = (_chances(side, self.step_exponent) for side in (by_user.T.tocsr(), by_user))
        offsets, neighbors, similarities = nearest(to_users, self.n_neighbors, self._goals(by_user), to_items)
        fading = np.inf if self.history_half_life_days is None else self.history_half_life_days
        return ItemPairs(
            Known(dataset.users, dataset.items, dataset.histories()),
            offsets,
            neighbors,
            similarities,
            prior=shares(by_user),
            half_life_days=np.array([fading], dtype=np.float64),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def _goals(self, by_user: sparse.csr_matrix) -> Likeness:
        n_items = by_user.shape[1]
        audience = np.maximum(np.bincount(by_user.indices, minlength=n_items), 1).astype(np.float64)
        ones, zeros = np.ones(n_items, dtype=np.float32), np.zeros(n_items, dtype=np.float32)
        gains = (audience**-self.popularity_discount).astype(np.float32)
        return Likeness(ones, zeros, gains, np.float32(0), False)

    def cost(self, size: Size) -> Cost:
        """Gathers: every pair of items in every history, and every candidate once more."""
        return cost_of_pairs(size, self.n_neighbors, self.longest_history)


def _chances(matrix: sparse.csr_matrix, exponent: float) -> sparse.csr_matrix:
    """Each entry's share of its row to the power of ``exponent``; CSR float32 of the same form."""
    sums = np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()
    shares_of_row = matrix.data / np.repeat(np.maximum(sums, 1e-30), np.diff(matrix.indptr))
    numbers = (shares_of_row**exponent).astype(np.float32)
    return sparse.csr_matrix((numbers, matrix.indices, matrix.indptr), shape=matrix.shape)
