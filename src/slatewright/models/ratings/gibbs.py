"""A Markov chain over all factors of a matrix of ratings: each side is drawn given the other.

Every vector has the form (level, factors); seen from the other side it is (1, factors), and the level is taken off the
rating. So a level is drawn together with its vector, and may go together with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.chunks import equal_chunks, in_chunks
from slatewright.core.kernels import kernel
from slatewright.models.ratings.descent import Side
from slatewright.models.ratings.links import Links
from slatewright.models.ratings.population import Population
from slatewright.models.ratings.ridge import Columns, Prior, solve_rows
from slatewright.models.ratings.sets import led
from slatewright.models.ratings.table import Ratings


@dataclass(frozen=True, slots=True)
class State:
    """One draw: what users have in common, their links, float32 (n_items or 0, 1 + d), the items (level first) float32
    (n_items, 1 + d), the precision of the noise."""

    users: Population
    links: Scores
    items: Scores
    noise_precision: float


class Half:
    """One side of the chain: its vectors float32 (n, 1 + d), and what is expected of them before their ratings."""

    def __init__(self, ratings: Ratings, flipped: Ratings, start: Side, link_reg: float | None) -> None:
        self.ratings = ratings
        self.vectors = np.concatenate([start.levels[:, None], start.vectors], axis=1)
        width = self.vectors.shape[1]
        self.links = None if link_reg is None else Links(ratings, flipped, width, link_reg)
        self.population = Population(np.zeros(width), np.eye(width))

    def draw_population(self, rng: np.random.Generator) -> None:
        """Draw mean and precision, given the vectors; then let the links follow."""
        if self.links is None:
            self.population = Population.drawn(self.vectors, rng)
            return
        self.population = Population.drawn(self.vectors - self.links.expected, rng)
        self.links.follow(self.vectors - self.population.mean.astype(np.float32))

    def draw_vectors(self, others: Scores, noise_precision: float, rng: np.random.Generator) -> None:
        """Draw every row's vector, given the vectors of the columns."""
        noise = rng.standard_normal(self.vectors.shape, dtype=np.float32) * np.float32(noise_precision**-0.5)
        means = np.tile(self.population.mean.astype(np.float32), (len(self.vectors), 1))
        if self.links is not None:
            means += self.links.expected
        precision = (self.population.precision / noise_precision).astype(np.float32)
        prior = Prior(means, precision, np.ones(len(means), dtype=np.float32))
        solve_rows(self.ratings, Columns(led(others[:, 1:], 1), others[:, 0].copy()), prior, self.vectors, noise)


def chain(
    ratings: Ratings, start: tuple[Side, Side], link_reg: float | None, rng: np.random.Generator
) -> Iterator[State]:
    """Draw after draw, without end, from the posterior of users and items. ``start``: users and items."""
    flipped = ratings.flipped()
    users = Half(ratings, flipped, start[0], link_reg)
    items = Half(flipped, ratings, start[1], link_reg)
    noise_precision = 1 / max(mean_square_error(ratings, users.vectors, items.vectors), 1e-12)
    while True:
        users.draw_population(rng)
        links = items.vectors[:0] if users.links is None else users.links.links
        yield State(users.population, links.copy(), items.vectors.copy(), noise_precision)
        users.draw_vectors(items.vectors, noise_precision, rng)
        items.draw_population(rng)
        items.draw_vectors(users.vectors, noise_precision, rng)
        squares = mean_square_error(ratings, users.vectors, items.vectors) * len(ratings)
        noise_precision = rng.gamma(1 + len(ratings) / 2, 1 / (1 + squares / 2))


def mean_square_error(ratings: Ratings, users: Scores, items: Scores) -> float:
    """Of the predictions for the ratings themselves; users and items with the level first."""
    if not len(ratings):
        return 1.0
    rows = equal_chunks(ratings.n_users, 1 + len(ratings) * users.shape[1] // max(1, ratings.n_users))
    squares = in_chunks(
        lambda begin, end: float(_squares(ratings.offsets, ratings.items, ratings.values, users, items, begin, end)),
        rows,
    )
    return sum(squares) / len(ratings)


@kernel(fastmath=True)
def _squares(
    offsets: Offsets, items: Index, values: Scores, users: Scores, others: Scores, begin: int, end: int
) -> float:
    total = 0.0
    for row in range(begin, end):
        x = users[row]
        for at in range(offsets[row], offsets[row + 1]):
            y = others[items[at]]
            product = np.float32(0)
            for k in range(1, len(x)):
                product += x[k] * y[k]
            error = values[at] - x[0] - y[0] - product
            total += error * error
    return total
