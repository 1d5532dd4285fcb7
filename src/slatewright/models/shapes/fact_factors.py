"""Factors of items and people that lean to what their facts say; whoever comes is folded in, with facts or without."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from slatewright.core.arrays import Arrays, Index, Scores
from slatewright.data.histories import Histories
from slatewright.models.factorisation.least_squares import Basis, Penalty, Rows
from slatewright.models.fading import faded_as_stored
from slatewright.models.hybrid.leaning import LeaningRows
from slatewright.models.hybrid.linear_map import LinearMap
from slatewright.models.model import Known, Model
from slatewright.models.products import products
from slatewright.models.shapes.factors import CONVERGED, MOST_STEPS, Factors


@dataclass(frozen=True)
class FactedFactors(Model):
    """``factors`` are those of a factorisation; ``items`` maps facts of items to vectors, ``people`` those of users.

    An item that nobody took has the vector of its facts. A history is solved for as in ``Factors``, but the penalty
    is on the distance from the vector of its owner's facts; an empty history has just that vector.
    """

    factors: Factors
    items: LinearMap
    people: LinearMap
    shape: ClassVar[str] = "fact_factors"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        return products(*self.factored(histories, items))

    def factored(self, histories: Histories, items: Index | None = None) -> tuple[Scores, Scores]:
        """The vectors of the histories and of the items; scores are their inner products."""
        vectors = self.factors.item_factors
        return self.user_factors(histories), vectors if items is None else vectors[items]

    @property
    def item_vectors(self) -> Scores:
        """The vectors of the items, float32 (n_items, d)."""
        return self.factors.item_factors

    def user_factors(self, histories: Histories) -> Scores:
        """The vector of each history, float32 (n, d), solved to convergence."""
        factors, means = self.factors, self.people.vectors(histories.facts, len(histories))
        faded = faded_as_stored(histories, factors.as_of, factors.half_life_days)
        weighed = replace(faded, weights=faded.weights * factors.item_weights[faded.items])
        matrix = weighed.matrix(len(factors.item_factors))
        rows, vectors = Rows.of(matrix, Penalty(*factors.penalty.tolist())), factors.item_factors
        if len(rows.columns) < len(vectors):  # solving copies the vectors that it is given
            rows, vectors = replace(rows, columns=np.arange(len(rows.columns), dtype=np.int32)), vectors[rows.columns]
        users = np.empty_like(means)
        leaning = LeaningRows.of(rows, len(vectors))
        leaning.solve(Basis(vectors, factors.spectrum), means, users, MOST_STEPS, CONVERGED)
        empty = np.diff(matrix.indptr) == 0
        users[empty] = means[empty]
        return users

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        return self.factors.similar(items, k)

    def reasons(self, history: Histories, item: int) -> Scores:
        return self.factors.reasons(history, item)

    def arrays(self) -> Arrays:
        factors = {f"factors_{name}": array for name, array in self.factors.arrays().items()}
        return {**factors, **self.items.arrays("items"), **self.people.arrays("people")}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        factors = {name.removeprefix("factors_"): one for name, one in arrays.items() if name.startswith("factors_")}
        return cls(
            known,
            Factors.from_arrays(factors, known),
            LinearMap.from_arrays(arrays, "items"),
            LinearMap.from_arrays(arrays, "people"),
        )
