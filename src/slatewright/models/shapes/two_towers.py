"""Two towers: a network reads what a history holds, items are vectors, scores their inner products."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Scores
from slatewright.data.histories import Histories
from slatewright.models.content.sparse_rows import times_dense
from slatewright.models.model import Known, Model
from slatewright.models.neural.facts.reading import of_people
from slatewright.models.neural.facts.vectors import VectorReader
from slatewright.models.neural.kept import kept_weights, weights_kept
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.runtime import Fitted, Graph
from slatewright.models.products import products
from slatewright.models.shapes.leaving_out import without_each
from slatewright.models.topk import LOWEST, top_k


@dataclass(frozen=True)
class TwoTowers(Model):
    """``item_factors`` float32 (n_items, D + C + 1) are what the tower of items says of each, facts alone where nobody
    took the item. The tower of people reads the sum of ``rows`` float32 (n_items, d) over a history, the mean of
    ``content`` float32 (n_items, C), and the owner's facts by ``reader``.

    Each item counts once, however often it was taken, and ``longest`` int64 (1,) is how many say as much as can be
    said. ``spec`` uint8 names the towers, ``network`` are their weights, ``learning_curve`` as in ``Trained``.
    ``graph`` is the tower of people once more, for ONNX Runtime. Only what learns on reads ``thing_rows``, of which the
    tower of items made its vectors, float32 (n_items, d), or where an item is who took it (n_users, d), and
    ``item_reader``, which made the content.
    """

    item_factors: Scores
    rows: Scores
    thing_rows: Scores
    content: Scores
    reader: VectorReader
    item_reader: VectorReader
    longest: Array
    spec: Array
    network: Sequence[Array]
    learning_curve: Scores
    graph: Graph | None = None
    shape: ClassVar[str] = "two_towers"

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
        """The vector of each history, float32 (n, D + C + 1)."""
        n = len(histories)
        taken = histories.only(histories.weights > 0).matrix(len(self.rows))
        taken.data = np.ones_like(taken.data)
        counts = np.diff(taken.indptr)[:, None].astype(np.float32)
        share = 1 / np.maximum(counts, 1)
        inputs = {
            "profile": times_dense(taken, self.rows) * share * np.sqrt(np.minimum(counts, np.float32(self.longest[0]))),
            "tastes": times_dense(taken, self.content) * share,
            "facts": self.reader.read(histories.facts, n),
        }
        return of_people(self._fitted, inputs)

    @cached_property
    def _fitted(self) -> Fitted:
        return Fitted(Spec.from_array(self.spec), self.network, self.graph)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """By the cosine of what the tower says; the bias, the last number, is no likeness."""
        vectors = self.item_factors[:, :-1]
        unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1), np.finfo(np.float32).tiny)[:, None]
        scores = products(unit[items], unit)
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(unit) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        """How much the score falls when an event is left out, each for itself."""
        asked = np.array([item], dtype=np.int32)
        parts: Scores = self.score(history, asked)[0, 0] - self.score(without_each(history), asked)[:, 0]
        return parts

    def arrays(self) -> Arrays:
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            **self.reader.arrays("reader"),
            **self.item_reader.arrays("item_reader"),
            **kept_weights(self.network),
            **(self.graph.arrays() if self.graph else {}),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        reader, items = (VectorReader.from_arrays(arrays, name) for name in ("reader", "item_reader"))
        plain: Any = {name: arrays[name] for name in _PLAIN}
        graph = Graph.from_arrays(arrays)
        return cls(known, reader=reader, item_reader=items, network=weights_kept(arrays), graph=graph, **plain)


_PLAIN = ("item_factors", "rows", "thing_rows", "content", "longest", "spec", "learning_curve")
