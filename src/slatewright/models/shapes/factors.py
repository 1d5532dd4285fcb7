"""Factors: every item is a vector; a user is folded in from the history, so no user need be stored.

Fold-in solves one weighted least-squares problem per history (Hu, Koren, Volinsky: Collaborative Filtering for Implicit
Feedback Datasets, ICDM 2008). The factors are kept in the eigenbasis of their Gram matrix, where its dense part is
diagonal.
"""

from dataclasses import dataclass, fields, replace
from typing import ClassVar, Self

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Arrays, Index, Scores, Weights
from slatewright.data.histories import Histories
from slatewright.models.factorisation.least_squares import Basis, Penalty, Rows
from slatewright.models.fading import faded_as_stored
from slatewright.models.model import Known, Model
from slatewright.models.products import products
from slatewright.models.topk import LOWEST, top_k

CONVERGED = 1e-6  # relative residual at which a fold-in stops
MOST_STEPS = 200
HEAVIEST = 1e13  # an event of a history weighs no more: squares of this are still numbers


@dataclass(frozen=True)
class Factors(Model):
    """``item_factors`` float32 (n_items, d), columns orthogonal; ``spectrum`` float32 (d,), their squared lengths.

    ``typical`` float32 (d,) is the mean user, the answer to an empty history. ``item_weights`` float32 (n_items,)
    multiplies the weight of an event; ``penalty`` float64 (3,) is reg, its exponent, the weight of the unobserved. An
    event fades by ``half_life_days`` float64 (1,), infinite: never, before ``as_of`` int64 (1,). For items that come
    later (``with_new_items``): ``crowd`` float32 (d, d) is the Gram matrix of the users of the fit,
    ``audience_penalty`` float64 (3,) the penalty on an item.
    """

    item_factors: Scores
    spectrum: Scores
    typical: Scores
    item_weights: Weights
    penalty: Array
    half_life_days: Array
    as_of: Array
    crowd: Scores
    audience_penalty: Array
    shape: ClassVar[str] = "factors"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        return products(*self.factored(histories, items))

    def factored(self, histories: Histories, items: Index | None = None) -> tuple[Scores, Scores]:
        """The vectors of the histories and of the items; scores are their inner products."""
        return self.user_factors(histories), self.item_factors if items is None else self.item_factors[items]

    @property
    def item_vectors(self) -> Scores:
        """The same as ``item_factors``: what a history's vector is multiplied with."""
        return self.item_factors

    def user_factors(self, histories: Histories) -> Scores:
        """The vector of each history, float32 (n, d), solved to convergence."""
        weighed, penalty = self._weighed(histories), Penalty(*self.penalty.tolist())
        n_items = len(self.item_factors)
        rows = (
            Rows.of_one(weighed, n_items, penalty) if len(weighed) == 1 else Rows.of(weighed.matrix(n_items), penalty)
        )
        users = np.empty((len(histories), len(self.spectrum)), dtype=np.float32)
        rows.solve(Basis(self.item_factors, self.spectrum), users, MOST_STEPS, CONVERGED)
        users[np.diff(rows.offsets) == 0] = self.typical
        return users

    def _weighed(self, histories: Histories) -> Histories:
        """In the scale of training; where all events of training had faded nearly to nothing, a new one is immense."""
        known = faded_as_stored(histories, self.as_of, self.half_life_days)
        return replace(known, weights=np.minimum(known.weights * self.item_weights[known.items], HEAVIEST))

    def arrays(self) -> Arrays:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "known"}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, **arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        lengths = np.linalg.norm(self.item_factors, axis=1)
        unit = self.item_factors / np.maximum(lengths, np.finfo(np.float32).tiny)[:, None]
        scores = products(unit[items], unit)
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(unit) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        known = self._weighed(history)
        matrix = known.matrix(len(self.item_factors))
        toward = np.linalg.solve(self._normal_matrix(matrix), self.item_factors[item].astype(np.float64))
        parts: Scores = (known.weights * (self.item_factors[known.items] @ toward)).astype(np.float32)
        return parts

    def _normal_matrix(self, history: sparse.csr_matrix) -> Array:
        """The left-hand side of one history's fold-in, float64 (d, d), written out."""
        penalty = Penalty(*self.penalty.tolist())
        rows = self.item_factors[history.indices].astype(np.float64)
        ridge = penalty.of_rows(np.diff(history.indptr), history.shape[1])
        matrix: Array = np.diag(penalty.unobserved_weight * self.spectrum.astype(np.float64) + ridge)
        matrix += (rows * (history.data - penalty.unobserved_weight)[:, None]).T @ rows
        return matrix
