"""Alternating least squares with weighted regularisation, and levels."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models.costs import SORTED, STEPS, Cost, Size
from slatewright.models.ratings.alternating import Pull, improve_rows
from slatewright.models.ratings.descent import Side
from slatewright.models.ratings.ridge import Columns, RegExponent, strengths_of
from slatewright.models.ratings.sets import led, one_set
from slatewright.models.ratings.table import Ratings
from slatewright.models.shapes.rating_factors import RatingFactors

START = 0.1  # expected length of an item's vector before anything is learned
ROW_STEPS = 3  # of conjugate gradient for each row in each sweep


@dataclass(frozen=True)
class ALSWR:
    """Predicts ratings like ``BiasedMF``, learned in whole sweeps: no learning rate to choose.

    Zhou, Wilkinson, Schreiber, Pan (Large-scale Parallel Collaborative Filtering for the Netflix Prize, AAIM 2008).
    """

    embedding_dim: Annotated[int, Knob("numbers per item", least=1, most=4096, search=(8, 256))] = 64
    reg: Annotated[float, Knob("penalty on large factors", above=0, search=(0.01, 0.3))] = 0.06
    bias_reg: Annotated[float, Knob("penalty on large levels", above=0, search=(1e-3, 0.3))] = 0.01
    reg_exponent: RegExponent = 1.0
    epochs: Annotated[int, Knob("sweeps over users and items", least=1, search=(5, 30))] = 12
    rng: Annotated[Rng, Knob("seed, or generator, of the first factors")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> RatingFactors:
        """Learn from the last rating of each user and item."""
        ratings = Ratings.of(dataset)
        _, items = self.factorise(ratings)
        return one_set(dataset, items, ratings.scale, (self.bias_reg, self.reg), exponent=self.reg_exponent)

    def cost(self, size: Size) -> Cost:
        """The ratings by user and by item, the vectors of both sides and a copy of the longer one."""
        n, rows = size.n_ratings, size.n_users + size.n_items
        return Cost(
            21.0 * n + 6.0 * self.embedding_dim * rows,
            {STEPS: self.epochs * self.embedding_dim * ((36 + 22 * ROW_STEPS) * n + 450.0 * rows), SORTED: 4.0 * n},
        )

    def factorise(self, ratings: Ratings) -> tuple[Side, Side]:
        """Users and items: vectors float32 (n, embedding_dim) and levels, all in units of the standardised ratings."""
        flipped = ratings.flipped()
        penalties = np.full(1 + self.embedding_dim, self.reg, dtype=np.float32)
        penalties[0] = self.bias_reg
        by_user, by_item = (
            Pull(penalties, strengths_of(side.lengths(), self.reg_exponent)) for side in (ratings, flipped)
        )
        users = np.zeros((ratings.n_users, 1 + self.embedding_dim), dtype=np.float32)  # the level first
        items = drawn(ratings.n_items, self.embedding_dim, generator(self.rng))
        for _ in range(self.epochs):
            improve_rows(ratings, seen(items), by_user, users, ROW_STEPS)
            improve_rows(flipped, seen(users), by_item, items, ROW_STEPS)
        return side_of(users), side_of(items)


def drawn(n: int, width: int, rng: np.random.Generator) -> Scores:
    """Small random vectors behind levels of 0, float32 (n, 1 + width)."""
    size = np.float32(START / np.sqrt(width))
    return led(rng.standard_normal((n, width), dtype=np.float32) * size, 0)


def seen(vectors: Scores) -> Columns:
    """Vectors with the level first, as the other side is regressed on them: 1 in place of the level."""
    ones = vectors.copy()
    ones[:, 0] = 1
    return Columns(ones, vectors[:, 0].copy())


def side_of(vectors: Scores) -> Side:
    """Levels and vectors apart again."""
    return Side(np.ascontiguousarray(vectors[:, 1:]), vectors[:, 0].copy())
