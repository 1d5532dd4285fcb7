"""One number per segment and item: a history, or the facts of its owner, say to which segment somebody belongs."""

from dataclasses import dataclass, fields
from typing import ClassVar, Self

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Arrays, Frame, Index, Mask, Offsets, Scores
from slatewright.data.encoding import FactsModel
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.products import products
from slatewright.models.segments.spaces import EventSpace, has_facts, nearest, read_facts, unit
from slatewright.models.topk import LOWEST, top_k

FACTS = "facts/"  # prefix of the arrays of the facts model


@dataclass(frozen=True)
class SegmentScores(Model):
    """What each of k segments takes, and how to tell a segment.

    Segment s gives item i ``kept[s] * prior[i]`` plus the entry of the CSR matrix ``offsets`` int64 (k + 1,), ``items``
    int32, ``shares`` float32; ``kept`` float32 (k,), ``prior`` float32 (n_items,) the share of all events, which also
    answers those of whom nothing is known.

    A history belongs to the nearest of ``centroids`` float32 (k, d) in the space of ``item_vectors`` float32 (n_items,
    d). Facts belong to each segment with the chance softmax(facts @ ``fact_weights`` + ``fact_bias``), float32
    (columns, k) and (k,), by the encoding in ``encoding`` (no arrays: facts say nothing). ``facts_first`` bool (1,):
    facts decide where both are known.
    """

    offsets: Offsets
    items: Index
    shares: Scores
    kept: Scores
    prior: Scores
    item_vectors: Scores
    centroids: Scores
    fact_weights: Scores
    fact_bias: Scores
    facts_first: Mask
    encoding: Arrays
    shape: ClassVar[str] = "segment_scores"

    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        belongs = self.membership(histories)
        told = belongs.any(axis=1)
        kept = np.where(told, belongs @ self.kept, np.float32(1))
        out: Scores = kept[:, None] * self.prior[None, :]
        table = sparse.csr_matrix((self.shares, self.items, self.offsets), shape=(len(self.kept), len(self.prior)))
        out += (sparse.csr_matrix(belongs) @ table).toarray()
        return out if items is None else np.take(out, items, axis=1)

    def membership(self, histories: Histories) -> Scores:
        """How much each history belongs to each segment, float32 (n, k): rows sum to 1, or to 0 where nobody knows."""
        by_events, told = self._by_events(histories)
        if histories.facts is None or not self.encoding:
            return by_events
        by_facts, known = self._by_facts(histories.facts)
        use_facts = known if self.facts_first[0] else known & ~told
        return np.where(use_facts[:, None], by_facts, by_events)

    def _by_events(self, histories: Histories) -> tuple[Scores, Mask]:
        """1 for the nearest segment of each history that says something, and which those are, bool (n,)."""
        rows = EventSpace(self.item_vectors).of(histories)
        belongs = np.zeros((len(rows), len(self.kept)), dtype=np.float32)
        told = np.asarray(rows.any(axis=1), dtype=np.bool_)
        if not len(self.centroids):
            return belongs, np.zeros_like(told)
        belongs[np.flatnonzero(told), nearest(rows[told], self.centroids)] = 1
        return belongs, told

    def _by_facts(self, facts: Frame) -> tuple[Scores, Mask]:
        """The chance of each segment, and whose facts are known."""
        model = FactsModel.from_arrays(self.encoding)
        known = has_facts(facts, len(facts))
        marks = read_facts(model, facts) @ self.fact_weights + self.fact_bias
        chances = np.exp(marks - marks.max(axis=1, keepdims=True))
        return chances / chances.sum(axis=1, keepdims=True), known

    def arrays(self) -> Arrays:
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        plain = {name: value for name, value in own.items() if name not in {"known", "encoding"}}
        return plain | {f"{FACTS}{name}": array for name, array in self.encoding.items()}

    @classmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        encoding = {name.removeprefix(FACTS): array for name, array in arrays.items() if name.startswith(FACTS)}
        plain = {name: array for name, array in arrays.items() if not name.startswith(FACTS)}
        return cls(known, encoding=encoding, **plain)

    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        directions = unit(self.item_vectors)
        scores = products(directions[items], directions)
        scores[np.arange(len(items)), items] = LOWEST
        return top_k(scores, min(k, len(self.prior) - 1))[:2]

    def reasons(self, history: Histories, item: int) -> Scores:
        """What the segment adds to or takes from the item, shared among events by how much they speak for it."""
        parts = np.zeros(len(history.items), dtype=np.float32)
        belongs = self.membership(history)
        if not len(parts) or not belongs.any():
            return parts
        segment = int(np.argmax(belongs[0]))
        said = np.log1p(np.maximum(history.weights, 0)) * (self.item_vectors[history.items] @ self.centroids[segment])
        speaks = np.maximum(said, 0)
        change = self.score(history, np.array([item], dtype=np.int32))[0, 0] - self.prior[item]
        shared: Scores = (speaks / max(float(speaks.sum()), 1e-12) * change).astype(np.float32)
        return shared
