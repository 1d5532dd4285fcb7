"""Item nearest neighbours: items that the same users took."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.fading import faded_histories
from slatewright.models.knn.item_weighting import weighted
from slatewright.models.knn.neighbors import nearest
from slatewright.models.model import Known
from slatewright.models.shapes.item_pairs import ItemPairs


@dataclass(frozen=True)
class ItemKNN:
    """Each item keeps its nearest neighbours by cosine of who took them."""

    n_neighbors: Annotated[int, Knob("neighbours kept per item", least=1, search=(10, 400))] = 100
    shrinkage: Annotated[
        float, Knob("added to the denominator: doubts similarities that rest on few users", least=0, search=(0, 100))
    ] = 10.0
    weighting: Annotated[str, Knob("how an event weighs before the cosine", choices=("cosine", "bm25", "tfidf"))] = (
        "cosine"
    )
    half_life_days: Annotated[
        float | None, Knob("in training an event this many days old counts half", above=0, search=(7, 730))
    ] = None
    history_half_life_days: Annotated[
        float | None,
        Knob("in the history that asks, an event this many days old counts half", above=0, search=(1, 365)),
    ] = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> ItemPairs:
        by_user = faded_histories(dataset.histories(), dataset.as_of, self.half_life_days).matrix(dataset.n_items)
        by_item = weighted(by_user.T.tocsr(), self.weighting)
        offsets, neighbors, similarities = _in_both_directions(*nearest(by_item, self.n_neighbors, self.shrinkage))
        fading = np.inf if self.history_half_life_days is None else self.history_half_life_days
        return ItemPairs(
            Known(dataset.users, dataset.items, dataset.histories()),
            offsets,
            neighbors,
            similarities,
            prior=_shares(by_user),
            half_life_days=np.array([fading], dtype=np.float64),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )


def _in_both_directions(offsets: Offsets, neighbors: Index, similarities: Scores) -> tuple[Offsets, Index, Scores]:
    """The same CSR made symmetric: in full where both items keep each other, half where only one does.

    A popular item is near the top for everybody, few of them are near the top for it: one direction alone lets a few
    popular items into every list, the mean of both does not.
    """
    shape = (len(offsets) - 1, len(offsets) - 1)
    one_way = sparse.csr_matrix((similarities, neighbors, offsets), shape=shape)
    both = (0.5 * (one_way + one_way.T)).tocsr()
    both.sort_indices()
    return both.indptr.astype(np.int64), both.indices.astype(np.int32), both.data.astype(np.float32)


def _shares(by_user: sparse.csr_matrix) -> Scores:
    """Each item's share of all weight, float32 (n_items,)."""
    sums = np.bincount(by_user.indices, weights=by_user.data, minlength=by_user.shape[1])
    shares: Scores = (sums / max(float(sums.sum()), 1e-30)).astype(np.float32)
    return shares
