"""A Markov chain over all factors of a matrix of ratings: each side is drawn given the other.

Every vector has the form (level, factors); seen from the other side it is (1, factors), and the level is taken off the
rating. So a level is drawn together with its vector, and may go together with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.kernels import kernel
from slatewright.models.chunks import equal_chunks, in_chunks
from slatewright.models.ratings.descent import Side
from slatewright.models.ratings.population import Population
from slatewright.models.ratings.ridge import Columns, Prior, solve_rows
from slatewright.models.ratings.sets import led
from slatewright.models.ratings.table import Ratings


@dataclass(frozen=True, slots=True)
class State:
    """One draw: what users have in common, the items (level first) float32 (n_items, 1 + d), the noise's precision."""

    users: Population
    items: Scores
    noise_precision: float


def chain(ratings: Ratings, start: tuple[Side, Side], rng: np.random.Generator) -> Iterator[State]:
    """Draw after draw, without end, from the posterior of users and items. ``start``: users and items."""
    users, items = (np.concatenate([side.levels[:, None], side.vectors], axis=1) for side in start)
    flipped = ratings.flipped()
    noise_precision = 1 / max(mean_square_error(ratings, users, items), 1e-12)
    while True:
        user_population = Population.drawn(users, rng)
        yield State(user_population, items.copy(), noise_precision)
        _draw(ratings, items, user_population, noise_precision, rng, users)
        item_population = Population.drawn(items, rng)
        _draw(flipped, users, item_population, noise_precision, rng, items)
        squares = mean_square_error(ratings, users, items) * len(ratings)
        noise_precision = rng.gamma(1 + len(ratings) / 2, 1 / (1 + squares / 2))


def _draw(
    ratings: Ratings,
    others: Scores,
    population: Population,
    noise_precision: float,
    rng: np.random.Generator,
    out: Scores,
) -> None:
    """Fill ``out`` with a draw of every row's vector, given the vectors of the columns."""
    noise = rng.standard_normal(out.shape, dtype=np.float32) * np.float32(noise_precision**-0.5)
    prior = Prior(
        np.tile(population.mean.astype(np.float32), (len(out), 1)),
        (population.precision / noise_precision).astype(np.float32),
        np.ones(len(out), dtype=np.float32),
    )
    solve_rows(ratings, Columns(led(others[:, 1:], 1), others[:, 0].copy()), prior, out, noise)


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
