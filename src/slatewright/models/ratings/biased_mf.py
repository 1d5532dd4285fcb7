"""Matrix factorisation of ratings with levels of users and items, by stochastic gradient descent."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models.costs import SORTED, STEPS, Cost, Size
from slatewright.models.ratings.blocks import Blocks
from slatewright.models.ratings.descent import PADDING, Side, Steps, one_epoch
from slatewright.models.ratings.ridge import RegExponent
from slatewright.models.ratings.sets import one_set
from slatewright.models.ratings.table import Ratings
from slatewright.models.shapes.rating_factors import RatingFactors

START = 0.1  # expected length of a vector before anything is learned


@dataclass(frozen=True)
class BiasedMF:
    """Predicts ratings: the level of the user, the level of the item, and how well their vectors agree.

    Funk (Netflix Update: Try This at Home, 2006); Koren, Bell, Volinsky (Matrix Factorization Techniques for
    Recommender Systems, IEEE Computer 2009).
    """

    embedding_dim: Annotated[int, Knob("numbers per item", least=1, most=4096, search=(8, 256))] = 64
    reg: Annotated[float, Knob("penalty on large factors", above=0, search=(0.1, 10))] = 1.0
    bias_reg: Annotated[float, Knob("penalty on large levels", above=0, search=(0.01, 10))] = 0.3
    reg_exponent: RegExponent = 0.5
    learning_rate: Annotated[
        float, Knob("how far a rating moves the factors at first; falls to zero", above=0, search=(5e-3, 0.1))
    ] = 0.03
    epochs: Annotated[int, Knob("passes over the ratings", least=1, search=(10, 60))] = 25
    rng: Annotated[Rng, Knob("seed, or generator, of the first factors")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> RatingFactors:
        """Learn from the last rating of each user and item.

        Raises:
            Diverged: ``learning_rate`` is too large.
        """
        ratings = Ratings.of(dataset)
        _, items = self.factorise(ratings)
        return one_set(dataset, items, ratings.scale, (self.bias_reg, self.reg), exponent=self.reg_exponent)

    def cost(self, size: Size) -> Cost:
        """The ratings while they are dealt to blocks, or, where vectors are long, both sides twice."""
        padded, n = PADDING * -(-self.embedding_dim // PADDING), size.n_ratings
        rows = size.n_users + size.n_items
        return Cost(
            max(45.0 * n + 5.0 * padded * rows, 20.0 * n + 9.0 * padded * rows),
            {STEPS: 11.0 * self.epochs * n * padded, SORTED: 12.0 * n},
        )

    def factorise(self, ratings: Ratings) -> tuple[Side, Side]:
        """Users and items: vectors float32 (n, embedding_dim) and levels, all in units of the standardised ratings."""
        rng = generator(self.rng)
        blocks = Blocks.of(ratings, rng)
        size = START / np.sqrt(self.embedding_dim)
        users = Side.drawn(ratings.n_users, self.embedding_dim, size, rng)
        items = Side.drawn(ratings.n_items, self.embedding_dim, size, rng)
        user_pulls = self.pulls(ratings.lengths())[np.argsort(blocks.user_at)]
        item_pulls = self.pulls(np.bincount(ratings.items, minlength=ratings.n_items))[np.argsort(blocks.item_at)]
        with blocks.threads() as sweep:
            for epoch in range(self.epochs):
                rate = self.learning_rate * (1 - epoch / self.epochs)
                one_epoch(blocks, users, items, Steps(rate, self.bias_reg / self.reg, user_pulls, item_pulls), sweep)
        return users.taken(blocks.user_at, self.embedding_dim), items.taken(blocks.item_at, self.embedding_dim)

    def pulls(self, lengths: Array) -> Scores:
        """The penalty of a row, dealt to its ratings, float32; it cannot be overshot in one step."""
        dealt = self.reg * np.maximum(lengths, 1).astype(np.float64) ** (self.reg_exponent - 1)
        return np.minimum(dealt, 1 / self.learning_rate).astype(np.float32)
