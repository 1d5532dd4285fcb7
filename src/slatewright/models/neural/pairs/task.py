"""The batches of a model of pairs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets, Weights
from slatewright.models.neural.batch import Batch, dealt, n_batches
from slatewright.models.neural.pairs.drawing import Negatives
from slatewright.models.neural.pairs.objective import PairObjective
from slatewright.models.neural.tables import Table

AT_ONCE = 8192  # samples whose negatives are drawn in one go: each go takes the interpreter from the thread that learns


@dataclass(frozen=True)
class PairTask:
    """See ``Task``: a sample is a pair that was taken, ``users[i]`` and ``items[i]``, and its weight.

    ``unobserved_weight``: how much each pair of a user that was not taken counts in all. ``judge`` says how good the
    rows and weights are on events held out.
    """

    tables: Mapping[str, Table]
    weights: Sequence[Array]
    objective: PairObjective
    negatives: Negatives
    users: Index
    items: Index
    pair_weights: Weights
    batch_size: int
    unobserved_weight: float | None
    judge: Callable[[Sequence[Array]], float | None]

    @property
    def roles(self) -> Mapping[str, str]:
        return {"user": "users", "item": "items", "negatives": "items"}

    @property
    def steps(self) -> int:
        return n_batches(len(self.users), self.batch_size)

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        dealt_out = dealt(len(self.users), self.batch_size, rng)
        if self.objective.negative in ("shared", "batch"):  # what a sample meets depends on its batch
            yield from (self._batch(chosen, filled, rng) for chosen, filled in dealt_out)
        while some := list(islice(dealt_out, max(1, AT_ONCE // self.batch_size))):
            chosen, filled = (np.concatenate(one) for one in zip(*some, strict=True))
            yield from self._batch(chosen, filled, rng).parts(len(some))

    def _batch(self, chosen: Offsets, filled: Weights, rng: np.random.Generator) -> Batch:
        users, items = self.users[chosen], self.items[chosen][:, None]
        ids, n = {"user": users, "item": items}, self.objective.n_negatives
        if self.objective.negative == "shared":
            others = ids["negatives"] = self.negatives.shared(n, rng)
            free = self.negatives.free_of_all(users, others)
        elif self.objective.negative == "batch":
            others = np.stack([np.roll(items[:, 0], -at) for at in range(1, n + 1)], axis=1)
            free = self.negatives.free(users, others)
        else:
            others = self.negatives.drawn(users, n, rng)
            ids["item"] = np.concatenate([items, others], axis=1)
            free = np.tile(self.negatives.any_left(users)[:, None], n)
        surplus = self.negatives.log_chances[others] + np.float32(np.log(n))
        inputs = {"free": free, "surplus": surplus, "each": self._each(users)}
        return Batch(ids, self.pair_weights[chosen] * filled, inputs)

    def _each(self, users: Index) -> Weights:
        """How much each negative of a sample counts: 1, or a user's share of what all pairs not taken count."""
        if self.unobserved_weight is None:
            return np.ones(len(users), dtype=np.float32)
        taken, n = self.negatives.taken, self.objective.n_negatives
        counts = (taken.indptr[users + 1] - taken.indptr[users]).astype(np.float32)
        each: Weights = np.float32(self.unobserved_weight * taken.shape[1] / n) / counts
        return each

    def validation(self, weights: Sequence[Array]) -> float | None:
        return self.judge(weights)
