"""Vectors of known users and of items: a score is their inner product; a user without a vector is mapped to one."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from slatewright.core.arrays import Arrays, Index, Scores
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.neural.pairs.unknown import Owners
from slatewright.models.products import products
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class OwnedFactors(Model):
    """``item_factors`` float32 (n_items, d); ``owners`` has the vectors of known users.

    ``learning_curve`` float32 (epochs, 2 or 3): epoch, loss, and the validation where anything was held out.
    """

    item_factors: Scores
    owners: Owners
    learning_curve: Scores
    shape: ClassVar[str] = "owned_factors"

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
        """The vector of each history's owner, float32 (n, d); of one without, by the map."""
        return self.owners.rows(histories, self.item_factors)

    def arrays(self) -> Arrays:
        own = {"item_factors": self.item_factors, "learning_curve": self.learning_curve}
        return own | dict(self.owners.arrays())

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, arrays["item_factors"], Owners.from_arrays(arrays), arrays["learning_curve"])

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        return nearest_rows(self.item_factors, items, k)

    def reasons(self, history: Histories, item: int) -> Scores:
        """By the map, also for a known user: what each event adds to the vector of somebody with this history."""
        parts: Scores = self.owners.parts(history, self.item_factors) @ self.item_factors[item]
        return parts


def nearest_rows(rows: Scores, items: Index, k: int) -> tuple[Index, Scores]:
    """The k rows of the largest cosine with some of them, itself left out: indices and cosines, both (n, k)."""
    lengths = np.linalg.norm(rows, axis=1)
    unit = rows / np.maximum(lengths, np.finfo(np.float32).tiny)[:, None]
    scores = products(unit[items], unit)
    scores[np.arange(len(items)), items] = LOWEST
    return top_k(scores, min(k, len(rows) - 1))[:2]
