"""Brought: a model of one's own, which says what it thinks of all items after a history."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from slatewright.core.arrays import Arrays, Index, Scores
from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.data.windows import latest
from slatewright.models.model import Known, Model
from slatewright.models.shapes.leaving_out import without_each
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class Brought(Model):
    """Derive from it, name the ``shape`` and write ``answer``: all else that a model can do follows.

    ``learned`` are the arrays that ``answer`` needs, which is all that a bundle holds of the model; ``window`` is how
    many of the latest events ``answer`` is shown. Keep what is made of the arrays in a ``cached_property``. Declare the
    class as what ``fit`` of your estimator returns: by that, a bundle finds it again.
    """

    learned: Arrays
    window: ClassVar[int] = 50

    @abstractmethod
    def answer(self, history: Index) -> Scores:
        """A score of every item, float32 (n, n_items), higher is better, for each of n histories.

        ``history`` int32 (n, window): the latest items, oldest first, with ``n_items`` in the places before the first.
        It is called from several threads at once.
        """

    @classmethod
    def of(cls, dataset: Dataset, learned: Arrays) -> Self:
        """The model of arrays that were learned from a data set."""
        return cls(Known(dataset.users, dataset.items, dataset.histories()), learned)

    @property
    def n_items(self) -> int:
        return len(self.known.items)

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        if not len(histories):
            return np.empty((0, self.n_items if items is None else len(items)), dtype=np.float32)
        offsets = histories.offsets
        shown = latest(histories.items, offsets[:-1], offsets[1:], self.window, self.n_items)
        scores = np.asarray(self.answer(shown), dtype=np.float32)
        self._check(scores, len(histories))
        return scores if items is None else scores[:, items]

    def _check(self, scores: Scores, n: int) -> None:
        if scores.shape != (n, self.n_items):
            raise BadInput(
                f"{type(self).__name__}.answer must give a row per history and a column per item, "
                f"{(n, self.n_items)}, got {scores.shape}"
            )
        if not np.isfinite(scores).all():
            raise BadInput(f"{type(self).__name__}.answer must give finite scores; did the training diverge?")

    def arrays(self) -> Arrays:
        return self.learned

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        return cls(known, arrays)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """What a history of nothing but the item wants."""
        scores = np.array(self.score(Histories.of([[item] for item in items])))
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, self.n_items - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        """By how much the score falls without the event; 0 for those before the window."""
        parts = np.zeros(len(history.items), dtype=np.float32)
        first = max(0, len(parts) - self.window)
        shown = history.only(np.arange(len(parts)) >= first)
        both = Histories.end_to_end([shown, without_each(shown)])
        marks = self.score(both, np.array([item], dtype=np.int32))[:, 0]
        parts[first:] = marks[0] - marks[1:]
        return parts
