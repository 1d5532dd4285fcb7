"""Truncated SVD of ratings: levels first, then the strongest directions of what they leave, missing counted as 0."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng
from slatewright.data.dataset import Dataset
from slatewright.models.costs import SORTED, Cost, Size
from slatewright.models.linear.spectrum import spectrum
from slatewright.models.ratings.descent import Side
from slatewright.models.ratings.pure_svd import memory_of, work_of
from slatewright.models.ratings.sets import one_set
from slatewright.models.ratings.table import Ratings
from slatewright.models.shapes.rating_factors import RatingFactors

ROUNDS = 5  # of levels of users, then of items


@dataclass(frozen=True)
class TruncatedSVD:
    """Predicts ratings from one singular value decomposition; users are folded in by ridge regression.

    Sarwar, Karypis, Konstan, Riedl (Application of Dimensionality Reduction in Recommender Systems, WebKDD 2000).
    """

    embedding_dim: Annotated[int, Knob("directions that are kept", least=1, most=4096, search=(4, 64))] = 16
    reg: Annotated[float, Knob("penalty on a user's vector", above=0, search=(0.1, 10))] = 1.0
    shrinkage: Annotated[float, Knob("ratings of doubt added to each level", least=0, search=(1, 30))] = 5.0
    rng: Annotated[Rng, Knob("seed, or generator, of the first guess at the directions")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> RatingFactors:
        """Learn from the last rating of each user and item."""
        ratings = Ratings.of(dataset)
        users, items = self.levels(ratings)
        left = ratings.minus(users[ratings.users()] + items[ratings.items])
        strengths, directions = spectrum(left.matrix(), self.embedding_dim, self.rng)
        filled = max(1, len(ratings)) / max(1, ratings.n_items)  # ratings of an item, as many as there are on average
        vectors = (directions * (strengths / np.sqrt(filled))).astype(np.float32)
        penalties = (self.shrinkage or 1e-3, self.reg)
        return one_set(dataset, Side(vectors, items), ratings.scale, penalties, exponent=0.0)

    def cost(self, size: Size) -> Cost:
        """As ``PureSVD``, and what the levels leave of the ratings."""
        work = work_of(self.embedding_dim, size)
        work[SORTED] += 35.0 * size.n_ratings
        return Cost(28.0 * size.n_ratings + memory_of(self.embedding_dim, size), work)

    def levels(self, ratings: Ratings) -> tuple[Scores, Scores]:
        """By how much each user and each item is above the mean, doubted where there are few ratings, float32."""
        users = np.zeros(ratings.n_users, dtype=np.float32)
        items = np.zeros(ratings.n_items, dtype=np.float32)
        rows, columns = ratings.users(), ratings.items
        for _ in range(ROUNDS):
            items = self._level(columns, ratings.values - users[rows], len(items))
            users = self._level(rows, ratings.values - items[columns], len(users))
        return users, items

    def _level(self, index: Index, values: Scores, n: int) -> Scores:
        total, count = np.bincount(index, values, minlength=n), np.bincount(index, minlength=n)
        level: Scores = (total / np.maximum(count + self.shrinkage, 1e-3)).astype(np.float32)
        return level
