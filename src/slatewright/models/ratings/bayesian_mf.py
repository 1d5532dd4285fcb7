"""Bayesian matrix factorisation: not the best factors but many likely ones, and the mean of what they predict."""

from dataclasses import dataclass
from itertools import islice
from typing import Annotated

import numpy as np

from slatewright.core.kernels import single_threaded_blas
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models.costs import SORTED, STEPS, Cost, Size
from slatewright.models.model import Known
from slatewright.models.ratings.biased_mf import BiasedMF
from slatewright.models.ratings.gibbs import State, chain
from slatewright.models.ratings.sets import led
from slatewright.models.ratings.table import Ratings, Scale
from slatewright.models.shapes.rating_factors import RatingFactors

FIRST_EPOCHS = 10  # of gradient descent, to start the chain near where it is going
SETTLING = 0.25  # share of the epochs before the first set is kept


@dataclass(frozen=True)
class BayesianMF:
    """Predicts ratings by many likely factorisations at once; penalties are learned, so hardly a knob matters.

    Salakhutdinov, Mnih (Bayesian Probabilistic Matrix Factorization using Markov Chain Monte Carlo, ICML 2008); Rendle,
    Zhang, Koren (On the Difficulty of Evaluating Baselines, 2019) found nothing simple that beats it.
    """

    embedding_dim: Annotated[int, Knob("numbers per item", least=1, most=512, search=(8, 64))] = 32
    link_reg: Annotated[
        float | None,
        Knob("penalty on what being rated by whom, or rating what, says by itself; none: nothing", above=0),
    ] = 1.0
    n_sets: Annotated[int, Knob("sets of factors that are kept", least=1, most=1024)] = 32
    epochs: Annotated[int, Knob("draws of all users and items", least=1, search=(50, 300))] = 100
    rng: Annotated[Rng, Knob("seed, or generator, of the draws")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> RatingFactors:
        """Learn from the last rating of each user and item."""
        ratings = Ratings.of(dataset)
        known = Known(dataset.users, dataset.items, dataset.histories())
        return kept_sets(known, self.states(ratings), ratings.scale)

    def cost(self, size: Size) -> Cost:
        """The first factors, the chain, or the sets that are kept and the arrays they become, whichever is most."""
        n, rows, width = size.n_ratings, size.n_users + size.n_items, 1 + self.embedding_dim
        sets = 4.0 * self.n_sets * size.n_items * width * (1 if self.link_reg is None else 2)
        links = 0.0 if self.link_reg is None else 40.0 * n * width  # per draw
        first = BiasedMF(embedding_dim=self.embedding_dim, epochs=FIRST_EPOCHS).cost(size)
        draws = 3.6 * n * width**2 + links + 8 * rows * width**3
        return Cost(
            max(first.memory, 2.5 * sets + 20.0 * width * rows),
            {STEPS: first.work[STEPS] + self.epochs * draws, SORTED: first.work[SORTED]},
        )

    def states(self, ratings: Ratings) -> list[State]:
        """The draws that are kept, spread evenly over the epochs after the chain has settled."""
        rng = generator(self.rng)
        start = BiasedMF(embedding_dim=self.embedding_dim, epochs=FIRST_EPOCHS, rng=rng).factorise(ratings)
        kept = np.unique(np.linspace(1 + SETTLING * self.epochs, self.epochs, self.n_sets).astype(int))
        wanted = set(np.minimum(kept, self.epochs).tolist())
        with single_threaded_blas():
            draws = islice(chain(ratings, start, self.link_reg, rng), self.epochs + 1)
            return [state for epoch, state in enumerate(draws) if epoch in wanted]


def kept_sets(known: Known, states: list[State], scale: Scale) -> RatingFactors:
    """The model that predicts the mean of some draws."""
    return RatingFactors(
        known,
        levels=np.stack([state.items[:, 0] for state in states]),
        vectors=np.stack([led(state.items[:, 1:], 1) for state in states]),
        means=np.stack([state.users.mean for state in states]).astype(np.float32),
        precisions=np.stack([state.users.precision / state.noise_precision for state in states]).astype(np.float32),
        links=np.stack([state.links for state in states]),
        exponent=np.zeros(1),
        scale=scale.array(),
    )
