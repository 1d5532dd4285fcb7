"""Encoded histories: a network turns a history into a vector, items are vectors, scores their inner products."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Scores
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.runtime import Fitted, Graph
from slatewright.models.neural.sequences.reading import read
from slatewright.models.products import products
from slatewright.models.shapes.leaving_out import without_each
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class EncodedHistories(Model):
    """``rows`` float32 (n_items + 1, d) are the vectors of the items, the last one that of the start token.

    ``spec`` uint8 names the network and its sizes, ``network`` are its weights. It reads the latest ``length`` events
    of a history, int64 (1,); the start token, in front of all shorter ones, alone answers an empty history.
    ``learning_curve`` float32 (epochs, 2 or 3): epoch, loss, and the validation where there was one. ``graph`` is the
    network once more, for ONNX Runtime.
    """

    rows: Scores
    spec: Array
    length: Array
    network: Sequence[Array]
    learning_curve: Scores
    graph: Graph | None = None
    shape: ClassVar[str] = "encoded_histories"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        return products(*self.factored(histories, items))

    def factored(self, histories: Histories, items: Index | None = None) -> tuple[Scores, Scores]:
        """The vectors of the histories and of the items; scores are their inner products."""
        vectors = self.item_vectors
        return self.user_factors(histories), vectors if items is None else vectors[items]

    @property
    def item_vectors(self) -> Scores:
        """What a history's vector is multiplied with, float32 (n_items, d)."""
        return self.rows[:-1]

    def user_factors(self, histories: Histories) -> Scores:
        """The vector of each history, float32 (n, d)."""
        return read(histories, self._fitted, self.rows, int(self.length[0]))

    @cached_property
    def _fitted(self) -> Fitted:
        return Fitted(Spec.from_array(self.spec), self.network, self.graph)

    def arrays(self) -> Arrays:
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            **{f"network_{at}": array for at, array in enumerate(self.network)},
            **(self.graph.arrays() if self.graph else {}),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        count = sum(name.startswith("network_") for name in arrays)
        network = [arrays[f"network_{at}"] for at in range(count)]
        return cls(known, network=network, graph=Graph.from_arrays(arrays), **{name: arrays[name] for name in _PLAIN})

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        vectors = self.item_vectors
        lengths = np.maximum(np.linalg.norm(vectors, axis=1), np.finfo(np.float32).tiny)
        unit = vectors / lengths[:, None]
        scores = products(unit[items], unit)
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(unit) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        """How much the score of ``item`` falls when an event is left out, each for itself."""
        both = Histories.end_to_end([history, without_each(history)])
        scores = self.score(both, np.array([item], dtype=np.int32))[:, 0]
        parts: Scores = scores[0] - scores[1:]
        return parts


_PLAIN = ("rows", "spec", "length", "learning_curve")
