"""Item nearest neighbours: items that the same users took."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.fading import HalfLife, HistoryHalfLife
from slatewright.models.knn.evidence import LongestHistory, taken, vectors_of
from slatewright.models.knn.item_weighting import WEIGHTINGS
from slatewright.models.knn.neighbors import cost_of_pairs, likeness_of, nearest, rows_times
from slatewright.models.model import Known
from slatewright.models.popularity import shares
from slatewright.models.shapes.item_pairs import ItemPairs

SIMILARITIES = ("cosine", "jaccard", "pearson")


@dataclass(frozen=True)
class ItemKNN:
    """Each item keeps its nearest neighbours by who took them.

    Sarwar et al., Item-based collaborative filtering recommendation algorithms, WWW 2001; the asymmetric cosine is that
    of Aiolli, Efficient top-N recommendation for very large scale binary rated datasets, RecSys 2013.
    """

    n_neighbors: Annotated[int, Knob("neighbours kept per item", least=1, search=(20, 1000))] = 200
    similarity: Annotated[str, Knob("how two items are compared", choices=SIMILARITIES)] = "cosine"
    weighting: Annotated[str, Knob("how an event weighs before items are compared", choices=WEIGHTINGS)] = "bm25"
    activity_discount: Annotated[
        float, Knob("an event weighs less in a long history: divided by (items of the user) ** this", least=0, most=1)
    ] = 0.4
    asymmetry: Annotated[
        float, Knob("above 0 prefers popular neighbours, and lets popular items say less", least=-1, most=1)
    ] = 0.0
    shrinkage: Annotated[
        float, Knob("added to the denominator: doubts similarities that rest on few users", least=0, search=(0, 100))
    ] = 3.0
    longest_history: LongestHistory = 10_000
    half_life_days: HalfLife = None
    history_half_life_days: HistoryHalfLife = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> ItemPairs:
        """Find the neighbours of every item."""
        by_user = taken(dataset, self.half_life_days, self.longest_history)
        by_item = vectors_of(by_user, self.weighting, self.activity_discount)
        likeness = likeness_of(by_item, self.similarity, self.shrinkage, self.asymmetry)
        offsets, neighbors, similarities = nearest(by_item, self.n_neighbors, likeness)
        fading = np.inf if self.history_half_life_days is None else self.history_half_life_days
        return ItemPairs(
            Known(dataset.users, dataset.items, dataset.histories()),
            offsets,
            neighbors,
            rows_times(offsets, similarities, 1 / likeness.gains),
            prior=shares(by_user),
            half_life_days=np.array([fading], dtype=np.float64),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def cost(self, size: Size) -> Cost:
        """Gathers: every pair of items in every history, and every candidate once more."""
        return cost_of_pairs(size, self.n_neighbors, self.longest_history, copied=7.0)
