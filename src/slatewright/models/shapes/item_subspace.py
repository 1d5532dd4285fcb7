"""An item subspace: a history is projected onto a few directions and read again, which fills in what is like it."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from slatewright.core.arrays import Arrays, Index, Scores
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.products import products
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class ItemSubspace(Model):
    """``directions`` float32 (n_items, d), columns of length 1, and how strong each is, ``strengths`` float32 (d,).

    A history of summed weights w scores ``w V V'``.
    """

    directions: Scores
    strengths: Scores
    shape: ClassVar[str] = "item_subspace"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        users = self.user_factors(histories)
        return products(users, self.directions if items is None else self.directions[items])

    @property
    def item_vectors(self) -> Scores:
        """The same as ``directions``: what a history's place is multiplied with."""
        return self.directions

    def user_factors(self, histories: Histories) -> Scores:
        """Where each history lies, float32 (n, d)."""
        users: Scores = (histories.matrix(len(self.directions)) @ self.directions).astype(np.float32)
        return users

    def arrays(self) -> Arrays:
        return {"directions": self.directions, "strengths": self.strengths}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, arrays["directions"], arrays["strengths"])

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        vectors = self.directions * self.strengths
        lengths = np.linalg.norm(vectors, axis=1)
        unit = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)[:, None]
        scores = products(unit[items], unit)
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(unit) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        parts: Scores = history.weights * (self.directions[history.items] @ self.directions[item])
        return parts.astype(np.float32)
