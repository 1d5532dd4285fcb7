"""The batches of two towers: who took what, each against what the whole batch took."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Scores
from slatewright.core.kernels import kernel
from slatewright.models.content.sparse_rows import times_dense
from slatewright.models.neural.batch import Batch, n_batches
from slatewright.models.neural.facts.drawing import dealt_in_full, other_items
from slatewright.models.neural.facts.in_batch import InBatch
from slatewright.models.neural.facts.reading import of_things
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.facts.towers import HIDDEN
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.tables import Table
from slatewright.models.shapes.two_towers import TwoTowers


@dataclass(frozen=True)
class TowerTask:
    """See ``Task``: a sample is a pair that was taken, and its weight; it sees the other items of its user.

    ``model`` is what is trained, ``people`` float32 (n_users, M) the facts of users. ``n_negatives`` items that
    somebody took are drawn for each batch besides. In a share ``id_dropout`` of the samples an item is known by content
    alone.
    """

    model: TwoTowers
    tables: Mapping[str, Table]
    objective: InBatch
    people: Scores
    samples: Samples
    n_negatives: int
    id_dropout: float
    batch_size: int
    held_out: HeldOut

    @property
    def roles(self) -> Mapping[str, str]:
        return {"history": "history", "item": "items"}

    @property
    def weights(self) -> Sequence[Array]:
        return self.model.network

    @cached_property
    def _seen(self) -> sparse.csr_matrix:
        """What is seen, each item once however often it was taken: else a sample's own item shone through."""
        seen = self.samples.seen.astype(np.float32, copy=True)
        seen.data[:] = 1
        return seen

    @cached_property
    def _log_chances(self) -> Scores:
        """Of how often each item is in a batch, on the mean, float32 (n_items,)."""
        often = np.bincount(self.samples.items, minlength=len(self.model.rows)) / max(1, len(self.samples))
        extra = self.samples.is_sold * self.n_negatives / max(1, len(self.samples.sold))
        chances: Scores = np.log(np.maximum(self.batch_size * often + extra, 1e-12))
        return chances.astype(np.float32)

    @property
    def steps(self) -> int:
        return n_batches(len(self.samples), self.batch_size)

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        for at, share in dealt_in_full(len(self.samples), self.batch_size, rng):
            users, own = self.samples.at(at)
            drawn = rng.choice(self.samples.sold, self.n_negatives).astype(np.int32)
            items = np.concatenate([own, drawn])
            history, shares = self._history(users, own, rng)
            inputs = {
                "history_shares": shares,
                "known": (rng.random(len(items)) >= self.id_dropout).astype(np.float32),
                "log_chances": self._log_chances[items],
                "hits": hits_of(self.samples.taken, users, items),
                **self._facts(users, own, items, shares),
            }
            yield Batch({"history": history, "item": items}, share * self.samples.weights[at], inputs)

    def _history(self, users: Index, own: Index, rng: np.random.Generator) -> tuple[Index, Scores]:
        """Items and how much each counts: a mean times the root of how many there are."""
        history, shares = other_items(self.samples.seen, users, own, int(self.model.longest[0]), rng)
        shares *= np.sqrt(np.count_nonzero(shares, axis=1))[:, None].astype(np.float32)
        shares[rng.random(len(users)) < HIDDEN] = 0
        return history, shares

    def _facts(self, users: Index, own: Index, items: Index, shares: Scores) -> dict[str, Array]:
        found = {"facts": self.people[users]} if self.people.shape[1] else {}
        content = self.model.content
        if not content.shape[1]:
            return found
        others = (np.diff(self._seen.indptr)[users] - 1)[:, None]
        sums = times_dense(self._seen[users], content) - content[own]
        tastes = np.where((others > 0) & shares.any(axis=1, keepdims=True), sums / np.maximum(others, 1), 0)
        return {**found, "tastes": tastes.astype(np.float32), "content": content[items]}

    def trained(self, weights: Sequence[Array]) -> TwoTowers:
        """The model with its tables and these weights."""
        rows, ids = (np.array(self.tables[name].rows) for name in ("history", "items"))
        factors = of_things(self.objective.spec, weights, {"item": ids, "content": self.model.content})
        return replace(self.model, item_factors=factors, rows=rows, thing_rows=ids, network=tuple(weights), graph=None)

    def validation(self, weights: Sequence[Array]) -> float | None:
        return self.held_out.judged(self.trained(weights).score) if len(self.held_out.items) else None


def hits_of(taken: sparse.csr_matrix, users: Index, items: Index) -> Scores:
    """1 where a user took an item: float32 (users, items); ``taken`` is CSR (n_users, n_items)."""
    order = np.argsort(items, kind="stable").astype(np.int32)
    bounds = np.searchsorted(items[order], np.arange(taken.shape[1] + 1)).astype(np.int32)
    out = np.zeros((len(users), len(items)), dtype=np.float32)
    _mark(taken.indptr, taken.indices, users, order, bounds, out)
    return out


@kernel()
def _mark(offsets: Any, members: Any, users: Any, order: Any, bounds: Any, out: Any) -> None:
    for row in range(len(users)):
        for at in range(offsets[users[row]], offsets[users[row] + 1]):
            for place in range(bounds[members[at]], bounds[members[at] + 1]):
                out[row, order[place]] = 1
