"""A network over the row of a user and the row of an item; a user without a row is mapped to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Scores
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.neural.kept import kept_weights, weights_kept
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.answering import scores_of
from slatewright.models.neural.pairs.unknown import Owners
from slatewright.models.neural.runtime import Graph
from slatewright.models.shapes.owned_factors import nearest_rows


@dataclass(frozen=True)
class PairNetwork(Model):
    """``item_rows`` float32 (n_items, d); ``owners`` has the rows of known users; ``weights`` are those of ``spec``.

    ``learning_curve`` float32 (epochs, 2 or 3): epoch, loss, and the validation where anything was held out. ``graph``
    is the network once more, for ONNX Runtime.
    """

    item_rows: Scores
    owners: Owners
    spec: Spec
    weights: Sequence[Array]
    learning_curve: Scores
    graph: Graph | None = None
    shape: ClassVar[str] = "pair_network"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        rows = self.item_rows if items is None else self.item_rows[items]
        return scores_of(self.spec, self.weights, self.owners.rows(histories, self.item_rows), rows, self.graph)

    def arrays(self) -> Arrays:
        own = {"item_rows": self.item_rows, "learning_curve": self.learning_curve, "spec": self.spec.array()}
        graph = self.graph.arrays() if self.graph else {}
        return own | dict(self.owners.arrays()) | kept_weights(self.weights) | graph

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        owners, spec = Owners.from_arrays(arrays), Spec.from_array(arrays["spec"])
        learned = (arrays["item_rows"], owners, spec, weights_kept(arrays), arrays["learning_curve"])
        return cls(known, *learned, Graph.from_arrays(arrays))

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """By the cosine of their rows."""
        return nearest_rows(self.item_rows, items, k)

    def reasons(self, history: Histories, item: int) -> Scores:
        """What the score loses when the history is asked without one of its events, as if its owner were not known."""
        if not len(history.items):
            return np.empty(0, dtype=np.float32)
        whole = Histories(history.offsets, history.items, history.weights, history.times)
        without = self.owners.rows(_without_each(whole), self.item_rows)
        rows = np.concatenate([self.owners.rows(whole, self.item_rows), without])
        scores = scores_of(self.spec, self.weights, rows, self.item_rows[[item]], self.graph)[:, 0]
        parts: Scores = scores[0] - scores[1:]
        return parts


def _without_each(history: Histories) -> Histories:
    """One history for each event: all others."""
    n = len(history.items)
    others = np.nonzero(~np.eye(n, dtype=np.bool_))[1]
    offsets = np.arange(n + 1, dtype=np.int64) * (n - 1)
    return Histories(offsets, history.items[others], history.weights[others], history.times[others])
