"""One number per item: the same list for everybody."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from slatewright.core.arrays import Arrays, Index, Scores
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class ItemScores(Model):
    """``item_scores`` float32 (n_items,); higher is better."""

    item_scores: Scores
    shape: ClassVar[str] = "item_scores"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        chosen = self.item_scores if items is None else self.item_scores[items]
        return np.tile(chosen, (len(histories), 1))

    def arrays(self) -> Arrays:
        return {"item_scores": self.item_scores}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, arrays["item_scores"])

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        scores = np.tile(self.item_scores, (len(items), 1))
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.item_scores) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        return np.zeros(len(history.items), dtype=np.float32)
