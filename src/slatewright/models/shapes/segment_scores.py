"""One number per segment and item: a history, or the facts of its owner, say to which segment somebody belongs."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Arrays, Frame, Index, Mask, Offsets, Scores
from slatewright.core.kernels import kernel
from slatewright.core.sums import added_up
from slatewright.data.encoding import FactsModel
from slatewright.data.encoding.remembering import Remembered
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.products import products
from slatewright.models.segments.spaces import has_facts, read_facts, unit
from slatewright.models.topk import LOWEST, top_k

FACTS = "facts/"  # prefix of the arrays of the facts model
TINY = 1e-30
LEAST_KEPT = 1e-3  # an item that a segment never took speaks against it at most like one taken so rarely


@dataclass(frozen=True)
class SegmentScores(Model):
    """What each of k segments takes, and how to tell a segment.

    Segment s gives item i ``kept[s] * prior[i]`` plus the entry of the CSR matrix ``offsets`` int64 (k + 1,), ``items``
    int32, ``shares`` float32; ``kept`` float32 (k,), ``prior`` float32 (n_items,) the share of all events, which also
    answers those of whom nothing is known. ``sizes`` float32 (k,) is the share of all users. ``item_vectors`` float32
    (n_items, d) say which items are alike.

    Facts belong to each segment with the chance softmax(facts @ ``fact_weights`` + ``fact_bias``), float32 (columns, k)
    and (k,), by the encoding in ``encoding`` (no arrays: facts say nothing). ``facts_first`` bool (1,): where facts are
    known, history says nothing.
    """

    offsets: Offsets
    items: Index
    shares: Scores
    kept: Scores
    prior: Scores
    sizes: Scores
    item_vectors: Scores
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
        out += np.asarray((self._table().T @ belongs.T).T, dtype=np.float32)
        return out if items is None else np.take(out, items, axis=1)

    def of_segment(self, segment: int) -> Scores:
        """What one segment takes, float32 (n_items,)."""
        shares: Scores = self.kept[segment] * self.prior
        own = slice(self.offsets[segment], self.offsets[segment + 1])
        shares[self.items[own]] += self.shares[own]
        return shares

    def _table(self) -> sparse.csr_matrix:
        return sparse.csr_matrix((self.shares, self.items, self.offsets), shape=(len(self.kept), len(self.prior)))

    def membership(self, histories: Histories) -> Scores:
        """How much each history belongs to each segment, float32 (n, k): rows sum to 1, or to 0 where nobody knows.

        By Bayes' rule: the chance by facts (by size, where no fact is known) times what each item of the history says.
        Items are not independent, so what n of them say is divided by twice the root of n.
        """
        marks, told = self._evidence(histories)
        before = np.tile(np.log(np.maximum(self.sizes, TINY)), (len(histories), 1))
        if histories.facts is not None and self.encoding:
            by_facts, known = self._by_facts(histories.facts)
            before[known] = np.log(np.maximum(by_facts[known], TINY))
            marks[known & self.facts_first[0]] = 0
            told |= known
        marks += before
        chances = np.exp(marks - marks.max(axis=1, keepdims=True, initial=-np.inf))
        chances /= np.maximum(chances.sum(axis=1, keepdims=True), TINY)
        return np.where(told[:, None], chances, 0).astype(np.float32)

    def _evidence(self, histories: Histories) -> tuple[Scores, Mask]:
        """What the items of each history say for each segment, (n, k), and which histories say anything, bool (n,)."""
        offsets, items = self._taken(histories)
        n = np.diff(offsets)
        marks: Scores = (n[:, None] * self._missing()).astype(np.float32)
        table = self._surprises
        _add_rows(offsets, items, (table.indptr, table.indices, table.data), marks)
        by_length: Scores = (2 * np.sqrt(np.maximum(n, 1)))[:, None].astype(np.float32)
        shared: Scores = marks / by_length
        return shared, n > 0

    def _taken(self, histories: Histories) -> tuple[Offsets, Index]:
        """The items of each history with a positive sum of weights: offsets (n + 1,) and items."""
        if len(histories) == 1:
            items, sums = added_up(histories.items, histories.weights)
            kept = items[sums > 0]
            return np.array([0, len(kept)], dtype=np.int64), kept
        taken = histories.matrix(len(self.prior))
        taken.data = (taken.data > 0).astype(np.float32)
        taken.eliminate_zeros()
        return taken.indptr.astype(np.int64), taken.indices.astype(np.int32)

    def _missing(self) -> Scores:
        """log(share in the segment / share among all) of an item that the segment does not keep, float32 (k,)."""
        logs: Scores = np.log(np.maximum(self.kept, LEAST_KEPT))
        return logs

    @cached_property
    def _surprises(self) -> sparse.csr_matrix:
        """The same of the items that it keeps, beyond ``_missing``; CSR float32 (n_items, k)."""
        table = self._table()
        segment = np.repeat(np.arange(len(self.kept)), np.diff(self.offsets))
        least = np.maximum(self.kept, LEAST_KEPT)[segment]
        lift = self.shares / np.maximum(self.prior[self.items], TINY)
        table.data = np.log1p(lift / least).astype(np.float32)
        return sparse.csr_matrix(table.T)

    @cached_property
    def _by_facts(self) -> Remembered[tuple[Scores, Mask]]:
        model = FactsModel.from_arrays(self.encoding)
        return Remembered(lambda facts: self._chances(model, facts))

    def _chances(self, model: FactsModel, facts: Frame) -> tuple[Scores, Mask]:
        """The chance of each segment, and whose facts are known."""
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
        belongs = self.membership(history)
        if not len(history.items) or not belongs.any():
            return np.zeros(len(history.items), dtype=np.float32)
        segment = int(np.argmax(belongs[0]))
        said = self._surprises[history.items, segment].toarray()[:, 0] + self._missing()[segment]
        speaks = np.maximum(said, 0) * (history.weights > 0)
        change = self.score(history, np.array([item], dtype=np.int32))[0, 0] - self.prior[item]
        shared: Scores = (speaks / max(float(speaks.sum()), 1e-12) * change).astype(np.float32)
        return shared


@kernel()
def _add_rows(offsets: Any, items: Any, table: Any, out: Any) -> None:
    """Add to each row of ``out`` (n, k) the rows of its items in a CSR table (n_items, k)."""
    starts, columns, values = table
    for row in range(len(out)):
        for at in range(offsets[row], offsets[row + 1]):
            for place in range(starts[items[at]], starts[items[at] + 1]):
                out[row, columns[place]] += values[place]
