"""Who took what, as samples of a network over facts: pairs that were, and pairs that were drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from slatewright.core.arrays import Array, Index
from slatewright.models.neural.batch import Batch, n_batches
from slatewright.models.neural.facts.drawing import dealt_in_full, other_items
from slatewright.models.neural.facts.fact_net import BinaryLoss
from slatewright.models.neural.facts.layout import Rows
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.pairs.drawing import Negatives
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.tables import Table
from slatewright.models.shapes.fact_network import FactNetwork


@dataclass(frozen=True)
class FactPairTask:
    """See ``Task``: each pair that was taken, counted ``positive_weight`` times, and ``n_negatives`` that were not, all
    by the weight of the pair.

    ``model`` is what is trained, ``people`` are the rows of all users, without histories: those are drawn, without the
    item that is asked about. In a share ``id_dropout`` of the samples a user, and in as many an item, is known by facts
    alone. ``folder`` is that of the tables, see ``Table.of``.
    """

    model: FactNetwork
    people: Rows
    samples: Samples
    negatives: Negatives
    n_negatives: int
    id_dropout: float
    positive_weight: float
    batch_size: int
    held_out: HeldOut
    folder: str | None = None

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        return self.model.net.tables(self.folder)

    @property
    def roles(self) -> Mapping[str, str]:
        return self.model.net.layout.roles

    @property
    def objective(self) -> BinaryLoss:
        return BinaryLoss(self.model.net.spec)

    @property
    def weights(self) -> Sequence[Array]:
        return self.model.net.weights

    @property
    def _positives(self) -> int:
        """How many of a batch were taken."""
        return max(1, self.batch_size // (1 + self.n_negatives))

    @property
    def steps(self) -> int:
        return n_batches(len(self.samples), self._positives)

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        layout = self.model.net.layout
        for at, share in dealt_in_full(len(self.samples), self._positives, rng):
            users, own = self.samples.at(at)
            drawn = self.negatives.drawn(users, self.n_negatives, rng)
            items = np.concatenate([own[:, None], drawn], axis=1).astype(np.int32)
            label = np.zeros(items.shape, dtype=np.float32)
            label[:, 0] = 1
            left = self.negatives.any_left(users)[:, None].astype(np.float32)  # who took everything has no negatives
            share *= self.samples.weights[at]
            counts = share[:, None] * np.where(label > 0, np.float32(self.positive_weight), left)
            rows = self._rows(np.repeat(users, items.shape[1]), items.ravel(), rng)
            yield Batch(layout.ids(rows), counts.ravel(), {**layout.inputs(rows), "label": label.ravel()})

    def _rows(self, users: Index, items: Index, rng: np.random.Generator) -> Rows:
        history, shares = other_items(self.samples.seen, users, items, self.model.net.layout.history, rng)
        mine, asked = self.people.places[users], self.model.places[items]
        for places in (mine, asked):
            places[rng.random(len(users)) < self.id_dropout, 0] = 0
        return Rows(
            np.hstack([mine, asked]),
            np.hstack([self.people.numbers[users], self.model.numbers[items]]),
            np.where(shares > 0, self.model.places[history, 0], 0).astype(np.int32),
            shares,
        )

    def validation(self, weights: Sequence[Array]) -> float | None:
        model = replace(self.model, net=self.model.net.trained(weights, self.tables))
        return self.held_out.judged(model.score)
