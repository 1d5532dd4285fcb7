"""Ratings by nearest neighbours: what similar items got from the user, or similar users gave to the item."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import GATHERS, SORTED, Cost, Size
from slatewright.models.knn.common_ratings import SIMILARITIES, nearest_by_ratings
from slatewright.models.knn.neighbors import Lists
from slatewright.models.knn.rating_levels import Levels
from slatewright.models.model import Known
from slatewright.models.ratings.table import Ratings
from slatewright.models.shapes.rating_pairs import RatingPairs
from slatewright.models.shapes.rating_votes import RatingVotes, numbers_of


@dataclass(frozen=True)
class RatingKNN:
    """Predicts ratings: the usual one, moved by what the nearest neighbours deviate from theirs.

    Herlocker et al., An algorithmic framework for performing collaborative filtering, SIGIR 1999 (by users); Sarwar et
    al., WWW 2001 (by items); deviations from biases and their shrunk correlation: Koren, Factor in the neighbors, TKDD
    2010.
    """

    by: Annotated[str, Knob("who the neighbours are", choices=("items", "users"))] = "items"
    n_neighbors: Annotated[int, Knob("neighbours that speak", least=1, search=(10, 100))] = 40
    n_candidates: Annotated[
        int, Knob("similar items kept per item, of which those the user rated speak", least=1, search=(100, 2000))
    ] = 1000
    similarity: Annotated[str, Knob("how two items or users are compared", choices=SIMILARITIES)] = "pearson"
    baseline: Annotated[
        str, Knob("what is usual: the mean of the item or user, or the biases of both", choices=("mean", "bias"))
    ] = "bias"
    bias_reg: Annotated[float, Knob("ratings of doubt in the bias of an item or user", least=0, search=(1, 50))] = 10.0
    shrinkage: Annotated[
        float, Knob("ratings in common that a similarity needs to count half", least=0, search=(0, 300))
    ] = 100.0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> RatingPairs | RatingVotes:
        """Learn from the last rating of each user and item."""
        ratings = Ratings.of(dataset)
        levels = Levels.of(ratings, self.by, self.baseline, self.bias_reg)
        known = Known(dataset.users, dataset.items, dataset.histories())
        if self.by == "users":
            return self._votes(known, ratings, levels)
        return self._pairs(known, ratings, levels)

    def _pairs(self, known: Known, ratings: Ratings, levels: Levels) -> RatingPairs:
        deviations, _ = levels.deviations(ratings)
        numbers = numbers_of(ratings, deviations, SIMILARITIES.index(self.similarity))
        by_user = sparse.csr_matrix((numbers, ratings.items, ratings.offsets), (ratings.n_users, ratings.n_items))
        offsets, members, likeness = nearest_by_ratings(
            Lists.of(by_user.T.tocsr()), Lists.of(by_user), self.n_candidates, SIMILARITIES.index(self.similarity),
            self.shrinkage,
        )  # fmt: skip
        kept = sparse.csr_matrix((likeness, members, offsets), shape=(ratings.n_items, ratings.n_items)).T.tocsr()
        return RatingPairs(
            known,
            kept.indptr.astype(np.int64),
            kept.indices,
            kept.data,
            levels.items,
            np.array([self.n_neighbors, levels.reg]),
            ratings.scale.array(),
        )

    def _votes(self, known: Known, ratings: Ratings, levels: Levels) -> RatingVotes:
        deviations, _ = levels.deviations(ratings)
        kind = SIMILARITIES.index(self.similarity)
        order = np.argsort(ratings.items, kind="stable")
        counts = np.bincount(ratings.items, minlength=ratings.n_items)
        return RatingVotes(
            known,
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            ratings.users()[order],
            numbers_of(ratings, deviations, kind)[order],
            deviations[order],
            levels.items,
            np.array([self.n_neighbors, levels.reg, kind, self.shrinkage, ratings.n_users]),
            ratings.scale.array(),
        )

    def cost(self, size: Size) -> Cost:
        """By items every pair of ratings of every user is looked at; by users the ratings are only ordered by item."""
        ratings = float(size.n_ratings)
        if self.by == "users":
            return Cost(30.0 * ratings, {GATHERS: 4 * ratings})
        share = (ratings / max(size.n_pairs, 1)) ** 2
        met = size.squared_histories * share
        meeting = size.n_items**2 * -np.expm1(-met / max(size.n_items, 1) ** 2)  # pairs of items that meet at all
        kept = min(0.75 * size.n_items * self.n_candidates, 0.2 * meeting)  # the others are unlike
        return Cost(35.0 * ratings + 18.0 * kept, {GATHERS: 2.5 * met, SORTED: 130.0 * ratings})
