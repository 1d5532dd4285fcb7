"""Factorisation with facts: one model for items and people with events, with facts only, and with neither."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Mask
from slatewright.core.kernels import one_at_a_time, single_threaded_blas
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models import costs
from slatewright.models.content.content import ABOUT_ITEMS, ABOUT_PEOPLE
from slatewright.models.content.fact_features import FactFeatures
from slatewright.models.costs import Cost, Size
from slatewright.models.factorisation.als import discounts
from slatewright.models.factorisation.least_squares import (
    Basis,
    Penalty,
    PopularityDiscount,
    RegExponent,
    Rows,
    UnobservedWeight,
    taken,
)
from slatewright.models.factorisation.sweeping import eigenbasis
from slatewright.models.fading import EventHalfLife, SameHalfLife, faded_histories
from slatewright.models.hybrid.leaning import LeaningRows
from slatewright.models.hybrid.side import STEPS, Side
from slatewright.models.model import Known
from slatewright.models.shapes.fact_factors import FactedFactors
from slatewright.models.shapes.factors import Factors

ALONE = 4  # sweeps before the first map: until then the vectors have little to tell


@dataclass(frozen=True)
class FactFactors:
    """Factors of items and users that lean to what their facts say.

    The objective is that of ALS (Hu, Koren, Volinsky 2008) with each penalty on the distance from what the facts say: a
    linear map that is learned along, as in Agarwal, Chen: Regression-based Latent Factor Models (KDD 2009). It does the
    job of LightFM (Kula: Metadata Embeddings for User and Item Cold-start Recommendations, 2015) in closed-form steps.
    """

    embedding_dim: Annotated[int, Knob("numbers per item", least=1, most=4096, search=(16, 512))] = 64
    features: Annotated[FactFeatures, Knob("how the facts of items become features")] = ABOUT_ITEMS
    user_features: Annotated[FactFeatures, Knob("how the facts of users become features")] = ABOUT_PEOPLE
    reg: Annotated[float, Knob("penalty on the distance from what facts say", above=0, search=(1e-3, 10))] = 0.1
    reg_exponent: RegExponent = 0.5
    item_reg: Annotated[float, Knob("doubt of what facts of items say, in items", above=0, search=(0.3, 30))] = 3.0
    user_reg: Annotated[float, Knob("doubt of what facts of users say, in users", above=0, search=(1, 1000))] = 30.0
    unobserved_weight: UnobservedWeight = 0.05
    popularity_discount: PopularityDiscount = 0.25
    epochs: Annotated[int, Knob("sweeps over users and items", least=1, search=(4, 32))] = 16
    half_life_days: EventHalfLife = None
    history_half_life_days: SameHalfLife = None
    rng: Annotated[Rng, Knob("seed, or generator, of the first factors")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> FactedFactors:
        """Learn the vectors and the maps from facts to vectors, in turns."""
        histories = faded_histories(dataset.histories(), dataset.as_of, self.half_life_days)
        by_user = taken(histories, dataset.n_items)
        item_weights = discounts(by_user, self.popularity_discount)
        by_user.data *= item_weights[by_user.indices]
        hot = np.bincount(by_user.indices, minlength=dataset.n_items) > 0
        users, items = self._sides(dataset, by_user, hot)
        with one_at_a_time(), single_threaded_blas():
            self._alternate(users, items)
            item_map = items.map()
            vectors = item_map.vectors(dataset.item_facts, dataset.n_items)
            vectors[hot] = items.vectors
            spectrum, rotation = eigenbasis(vectors.T @ vectors)
            users.turn(rotation)
            people = users.map()
        penalty = np.array([self.reg, self.reg_exponent, self.unobserved_weight])
        factors = Factors(
            Known(dataset.users, dataset.items, dataset.histories()),
            item_factors=vectors @ rotation,
            spectrum=spectrum,
            typical=people.centre,
            item_weights=item_weights,
            penalty=penalty,
            half_life_days=np.array([self.history_half_life_days or self.half_life_days or np.inf]),
            as_of=np.array([dataset.as_of], dtype=np.int64),
            crowd=users.vectors.T @ users.vectors,
            audience_penalty=penalty,
        )
        return FactedFactors(factors.known, factors, item_map.rotated(rotation), people)

    def _sides(self, dataset: Dataset, by_user: sparse.csr_matrix, hot_items: Mask) -> tuple[Side, Side]:
        """Users and items with events only: what nobody could take is no evidence against it."""
        hot_users = np.diff(by_user.indptr) > 0
        matrix = by_user[hot_users][:, hot_items]
        penalty = Penalty(self.reg, self.reg_exponent, self.unobserved_weight)
        draw = generator(self.rng).standard_normal((matrix.shape[1], self.embedding_dim), dtype=np.float32)
        start = draw * np.float32(0.1 / np.sqrt(self.embedding_dim))
        nothing = np.zeros((matrix.shape[0], self.embedding_dim), dtype=np.float32)
        user_rows = LeaningRows.of(Rows.of(matrix, penalty), matrix.shape[1])
        item_rows = LeaningRows.of(Rows.of(sparse.csr_matrix(matrix.T), penalty), matrix.shape[0])
        return (
            Side.of(self.user_features, dataset.user_facts, hot_users, user_rows, nothing, self.user_reg),
            Side.of(self.features, dataset.item_facts, hot_items, item_rows, start, self.item_reg),
        )

    def _alternate(self, users: Side, items: Side) -> None:
        for epoch in range(self.epochs):
            for moving, fixed in ((users, items), (items, users)):
                spectrum, rotation = eigenbasis(fixed.vectors.T @ fixed.vectors)
                for side in (users, items):
                    side.turn(rotation)
                moving.sweep(Basis(fixed.vectors, spectrum))
                if epoch >= min(ALONE, self.epochs - 1):
                    moving.learn()

    def cost(self, size: Size) -> Cost:
        """The events four times by user and by item, the features of the items likewise, and the map in its making."""
        dim, entries = float(self.embedding_dim), size.n_entries()
        memory = 60.0 * size.n_pairs + 60.0 * entries + 20.0 * size.n_features * dim
        # a pair is read a few times in each half sweep; a feature twice in each of the steps of its map
        steps = self.epochs * (77.0 * size.n_pairs + 29.0 * (STEPS + 1) * entries + 1300.0 * size.n_features)
        return Cost(memory + 4.0 * dim * (size.n_users + size.n_items), {costs.STEPS: steps * dim})
