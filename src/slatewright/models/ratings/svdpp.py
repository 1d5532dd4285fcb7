"""SVD++: what a user rated, whatever was said of it, moves the user's vector too."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models.costs import SORTED, STEPS, Cost, Size
from slatewright.models.ratings.als_wr import ROW_STEPS, drawn, seen, side_of
from slatewright.models.ratings.alternating import Pull, improve_rows
from slatewright.models.ratings.descent import Side
from slatewright.models.ratings.links import Links
from slatewright.models.ratings.ridge import RegExponent, strengths_of
from slatewright.models.ratings.sets import one_set
from slatewright.models.ratings.table import Ratings
from slatewright.models.shapes.rating_factors import RatingFactors


@dataclass(frozen=True)
class SVDpp:
    """Predicts ratings; a user is what the user said, and which items the user had a word on.

    The model of Koren (Factorization Meets the Neighborhood: a Multifaceted Collaborative Filtering Model, KDD 2008),
    minimised in turns rather than by gradient descent: users, items and links are each a least-squares problem when the
    others are held, so there is no learning rate, and an epoch costs little more than one without links.
    """

    embedding_dim: Annotated[int, Knob("numbers per item", least=1, most=4096, search=(8, 256))] = 32
    reg: Annotated[float, Knob("penalty on factors of items, and of users away from their links", above=0)] = 1.2
    bias_reg: Annotated[float, Knob("penalty on large levels", above=0, search=(0.01, 10))] = 0.3
    link_reg: Annotated[float, Knob("penalty on large links", above=0, search=(1, 300))] = 50.0
    reg_exponent: RegExponent = 0.5
    epochs: Annotated[int, Knob("sweeps over users and items", least=1, search=(5, 30))] = 12
    rng: Annotated[Rng, Knob("seed, or generator, of the first factors")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> RatingFactors:
        """Learn from the last rating of each user and item."""
        ratings = Ratings.of(dataset)
        _, items, links = self.factorise(ratings)
        penalties = (self.bias_reg, self.reg)
        return one_set(dataset, items, ratings.scale, penalties, exponent=self.reg_exponent, links=links)

    def cost(self, size: Size) -> Cost:
        """As ``ALSWR``, and the vectors that links need on their way."""
        n, rows = size.n_ratings, size.n_users + size.n_items
        sweeps = (50 + 28 * ROW_STEPS) * n + 4500.0 * rows
        return Cost(
            20.0 * n + 24.0 * self.embedding_dim * rows,
            {STEPS: self.epochs * self.embedding_dim * sweeps, SORTED: 4.0 * n},
        )

    def factorise(self, ratings: Ratings) -> tuple[Side, Side, Scores]:
        """Users (with what the links say of them), items, and the links float32 (n_items, embedding_dim)."""
        flipped = ratings.flipped()
        penalties = np.full(1 + self.embedding_dim, self.reg, dtype=np.float32)
        penalties[0] = self.bias_reg
        by_user, by_item = (strengths_of(side.lengths(), self.reg_exponent) for side in (ratings, flipped))
        links = Links(ratings, flipped, self.embedding_dim, self.link_reg, self.reg * by_user)
        means = np.zeros((ratings.n_users, 1 + self.embedding_dim), dtype=np.float32)  # the level first
        users, items = means.copy(), drawn(ratings.n_items, self.embedding_dim, generator(self.rng))
        for _ in range(self.epochs):
            improve_rows(ratings, seen(items), Pull(penalties, by_user, means), users, ROW_STEPS)
            links.follow(users[:, 1:])
            means[:, 1:] = links.expected
            improve_rows(flipped, seen(users), Pull(penalties, by_item), items, ROW_STEPS)
        return side_of(users), side_of(items), links.links
