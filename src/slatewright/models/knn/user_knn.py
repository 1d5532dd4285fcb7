"""User nearest neighbours: people who took the same items."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import SORTED, Cost, Size
from slatewright.models.fading import HalfLife, HistoryHalfLife
from slatewright.models.knn.evidence import latest_audiences, taken
from slatewright.models.knn.neighbors import likeness_of
from slatewright.models.model import Known
from slatewright.models.popularity import shares
from slatewright.models.shapes.user_votes import SIMILARITIES, UserVotes


@dataclass(frozen=True)
class UserKNN:
    """The training histories most like the one that asks vote for what they hold.

    Resnick et al., GroupLens: an open architecture for collaborative filtering of netnews, CSCW 1994.
    """

    n_neighbors: Annotated[int, Knob("histories that vote", least=1, search=(20, 1000))] = 200
    similarity: Annotated[str, Knob("how two histories are compared", choices=SIMILARITIES)] = "cosine"
    popularity_discount: Annotated[
        float, Knob("an event weighs less on a popular item: divided by (users of the item) ** this", least=0, most=1)
    ] = 0.3
    score_discount: Annotated[
        float,
        Knob("a popular item scores less: divided by (users of the item) ** this", least=0, most=1, search=(0, 0.6)),
    ] = 0.2
    asymmetry: Annotated[
        float, Knob("above 0 prefers long histories as neighbours, below 0 short ones", least=-1, most=1)
    ] = 0.0
    shrinkage: Annotated[
        float, Knob("added to the denominator: doubts similarities that rest on few items", least=0, search=(0, 100))
    ] = 1.0
    longest_history: Annotated[
        int | None, Knob("only so many latest events of a user vote; none: all", least=2, search=(100, 10_000))
    ] = 10_000
    longest_audience: Annotated[
        int | None, Knob("of an item's users only so many, the latest, are looked at; none: all", least=1)
    ] = 10_000
    half_life_days: HalfLife = None
    history_half_life_days: HistoryHalfLife = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> UserVotes:
        """Keep the training histories, ready to be compared."""
        by_user = taken(dataset, self.half_life_days, self.longest_history)
        audience = np.maximum(np.bincount(by_user.indices, minlength=dataset.n_items), 1).astype(np.float64)
        factors = (audience**-self.popularity_discount) / max(float(np.abs(by_user.data).max(initial=0)), 1e-30)
        compared = by_user.copy()
        compared.data *= factors.astype(np.float32)[by_user.indices]
        scale = 1 / np.sqrt(max(float(np.square(compared.data, dtype=np.float64).mean()) if by_user.nnz else 1, 1e-20))
        compared.data *= np.float32(scale)
        likeness = likeness_of(compared, self.similarity, self.shrinkage, self.asymmetry)
        by_item = latest_audiences(compared.T.tocsr(), dataset.histories(), self.longest_audience)
        fading = np.inf if self.history_half_life_days is None else self.history_half_life_days
        return UserVotes(
            Known(dataset.users, dataset.items, dataset.histories()),
            by_user.indptr.astype(np.int64),
            by_user.indices,
            by_user.data,
            by_item.indptr.astype(np.int64),
            by_item.indices,
            by_item.data,
            item_factors=(factors * scale).astype(np.float32),
            lengths=likeness.lengths,
            shifts=likeness.shifts,
            gains=likeness.gains,
            rules=np.array([self.n_neighbors, self.shrinkage, SIMILARITIES.index(self.similarity)], dtype=np.float64),
            vote_factors=(audience**-self.score_discount).astype(np.float32),
            prior=shares(by_user),
            half_life_days=np.array([fading], dtype=np.float64),
            as_of=np.array([dataset.as_of], dtype=np.int64),
        )

    def cost(self, size: Size) -> Cost:
        """Nothing is learned: the histories are kept by user and by item, and copied once on the way."""
        return Cost(40.0 * size.n_pairs + 60.0 * (size.n_users + size.n_items), {SORTED: 10.0 * size.n_pairs})
