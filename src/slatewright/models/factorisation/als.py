"""Implicit alternating least squares in the eigenbasis of the Gram matrix."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeAlias

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Scores, Weights
from slatewright.core.kernels import one_at_a_time, single_threaded_blas
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models.costs import FLOPS, SORTED, STEPS, Cost, Size, csr_bytes
from slatewright.models.factorisation.least_squares import (
    Basis,
    Penalty,
    PopularityDiscount,
    RegExponent,
    Rows,
    UnobservedWeight,
    taken,
)
from slatewright.models.factorisation.loss import Loss, exact_loss
from slatewright.models.factorisation.sweeping import eigenbasis, half_sweep, rotate
from slatewright.models.fading import EventHalfLife, SameHalfLife, faded_histories
from slatewright.models.model import Known
from slatewright.models.shapes.factors import CONVERGED, MOST_STEPS, Factors

ENTRY_STEPS, ROW_STEPS = 14, 370  # multiplications per event and per row, for each of their numbers, of half a sweep
EIGEN_FLOPS = 25  # per number of a d x d x d cube
THREADS_AND_VECTORS = 24  # d x d matrices at once: a Gram matrix for each chunk of rows, eigenvectors, their workspace
Watch: TypeAlias = Callable[[int, Loss], object]


@dataclass(frozen=True)
class ALS:
    """Matrix factorisation of what users did; everything they did not do counts a little too.

    The objective is that of Hu, Koren, Volinsky (Collaborative Filtering for Implicit Feedback Datasets, ICDM 2008)
    with the frequency-scaled penalty of Rendle, Krichene, Zhang, Koren (Revisiting the Performance of iALS on Item
    Recommendation Benchmarks, RecSys 2022).
    """

    embedding_dim: Annotated[int, Knob("numbers per item", least=1, most=4096, search=(16, 512))] = 64
    reg: Annotated[float, Knob("penalty on large factors", above=0, search=(1e-4, 10))] = 0.02
    reg_exponent: RegExponent = 0.5
    unobserved_weight: UnobservedWeight = 0.05
    popularity_discount: PopularityDiscount = 0.25
    epochs: Annotated[int, Knob("sweeps over users and items", least=1, search=(4, 32))] = 16
    half_life_days: EventHalfLife = None
    history_half_life_days: SameHalfLife = None
    rng: Annotated[Rng, Knob("seed, or generator, of the first factors")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset, watch: Watch | None = None) -> Factors:
        """Learn; ``watch(epoch, loss)``, where given, is told the exact loss after every epoch."""
        by_user, item_weights = self.weighed(dataset)
        users, items = self.factorise(by_user, watch)
        penalty = np.array([self.reg, self.reg_exponent, self.unobserved_weight])
        return Factors(
            Known(dataset.users, dataset.items, dataset.histories()),
            item_factors=items.factors,
            spectrum=items.spectrum,
            typical=users.mean(axis=0) if len(users) else np.zeros_like(items.spectrum),
            item_weights=item_weights,
            penalty=penalty,
            half_life_days=np.array([self.history_half_life_days or self.half_life_days or np.inf]),
            as_of=np.array([dataset.as_of], dtype=np.int64),
            crowd=users.T @ users,
            audience_penalty=penalty,
        )

    def loss(self, dataset: Dataset, model: Factors) -> Loss:
        """The exact loss of a model on a data set with the items of its fit, every user folded in."""
        by_user, _ = self.weighed(dataset)
        penalty = Penalty(self.reg, self.reg_exponent, self.unobserved_weight)
        rows, users = Rows.of(by_user, penalty), np.empty((by_user.shape[0], self.embedding_dim), dtype=np.float32)
        rows.solve(Basis(model.item_factors, model.spectrum), users, MOST_STEPS, CONVERGED)
        item_penalties = penalty.of_rows(np.bincount(by_user.indices, minlength=by_user.shape[1]), by_user.shape[0])
        return exact_loss(rows, users, model.item_factors, item_penalties)

    def cost(self, size: Size) -> Cost:
        """Two copies of the events, the factors of both sides, and rotations a chunk at a time."""
        d, rows = self.embedding_dim, size.n_users + size.n_items
        tables = csr_bytes(rows, 2 * size.n_pairs) + 12.0 * rows
        squares = THREADS_AND_VECTORS * 4.0 * d * d
        return Cost(
            tables + 6.0 * d * rows + squares + 20.0 * rows,
            {
                FLOPS: self.epochs * (4.0 * rows * d**2 + 2 * EIGEN_FLOPS * d**3),
                STEPS: self.epochs * (ENTRY_STEPS * 2.0 * size.n_pairs * d + ROW_STEPS * rows * d),
                SORTED: 2.0 * size.n_events,
            },
        )

    def weighed(self, dataset: Dataset) -> tuple[sparse.csr_matrix, Weights]:
        """The weights c_ui, CSR float32 (n_users, n_items), and the factor in them that is the item's."""
        histories = faded_histories(dataset.histories(), dataset.as_of, self.half_life_days)
        by_user = taken(histories, dataset.n_items)
        item_weights = discounts(by_user, self.popularity_discount)
        by_user.data *= item_weights[by_user.indices]
        return by_user, item_weights

    def factorise(self, by_user: sparse.csr_matrix, watch: Watch | None = None) -> tuple[Scores, Basis]:
        """User factors and item factors of a matrix of weights, both in the eigenbasis of the item side."""
        penalty = Penalty(self.reg, self.reg_exponent, self.unobserved_weight)
        user_rows, item_rows = Rows.of(by_user, penalty), Rows.of(by_user.T.tocsr(), penalty)
        n_users, n_items = by_user.shape
        draw = generator(self.rng).standard_normal((n_items, self.embedding_dim), dtype=np.float32)
        items = draw * np.float32(0.1 / np.sqrt(self.embedding_dim))
        users = np.empty((n_users, self.embedding_dim), dtype=np.float32)
        with one_at_a_time(), single_threaded_blas():
            gram = items.T @ items
            for epoch in range(1, self.epochs + 1):
                gram = half_sweep(user_rows, items, gram, users)
                gram = half_sweep(item_rows, users, gram, items)
                if watch:
                    watch(epoch, exact_loss(user_rows, users, items, item_rows.penalties))
            spectrum, rotation = eigenbasis(gram)
            for side in (users, items):
                rotate(side, rotation)
        return users, Basis(items, spectrum)


def discounts(by_user: sparse.csr_matrix, exponent: float) -> Weights:
    """The factor on the weight of each item's events, float32 (n_items,); 1 on average over the pairs."""
    users_per_item = np.maximum(np.bincount(by_user.indices, minlength=by_user.shape[1]), 1)
    factors = users_per_item.astype(np.float64) ** -exponent
    if by_user.nnz:
        factors /= factors[by_user.indices].mean()
    return factors.astype(np.float32)
