"""Deep matrix factorisation: towers over the rows and the columns of the table of interactions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.core.arrays import Array, Index, Scores
from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob
from slatewright.data.dataset import Dataset
from slatewright.models.content.sparse_rows import times_dense
from slatewright.models.costs import FLOPS, STEPS, Cost, Size, csr_bytes
from slatewright.models.model import Known
from slatewright.models.neural.batch import Batch, dealt, n_batches
from slatewright.models.neural.facts.cosine_loss import CosineLoss
from slatewright.models.neural.facts.drawing import other_items
from slatewright.models.neural.facts.reading import of_things
from slatewright.models.neural.facts.recipe import Layers, network_work
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.facts.tower_task import hits_of
from slatewright.models.neural.facts.towers import HIDDEN, TowerEstimator, drawn_rows
from slatewright.models.neural.facts.vectors import FactVectors
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.tables import Table
from slatewright.models.shapes.two_towers import TwoTowers

LAST = -2.0  # below every cosine: the score of an item that nobody took


@dataclass(frozen=True)
class DMF(TowerEstimator):
    """A person is what was taken, an item who took it; two towers turn both into vectors, compared by their cosine.

    Xue, Dai, Zhang, Huang, Chen: Deep Matrix Factorization Models for Recommender Systems (IJCAI 2017). The pair that
    a sample asks about is not among what its towers see. The negatives are drawn once for a whole batch.
    """

    embedding_dim: Annotated[
        int, Knob("width of the first layers, a vector per item and user", least=1, most=4096, search=(32, 512))
    ] = 128
    layers: Layers = (64,)
    longest_history: Annotated[
        int, Knob("items of a user that are drawn for a sample", least=1, most=1000, search=(20, 200))
    ] = 100
    longest_audience: Annotated[
        int, Knob("users of an item that are drawn for a sample", least=1, most=1000, search=(20, 200))
    ] = 100
    n_negatives: Annotated[int, Knob("how many negatives weigh against a pair", least=1, most=1024, search=(1, 32))] = 7
    n_candidates: Annotated[int, Knob("items drawn for a batch, of which negatives are made", least=1)] = 256

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.layers or min(self.layers) < 1:
            raise BadKnob(f"DMF.layers must be widths >= 1, one or more, got {self.layers}")

    def cost(self, size: Size) -> Cost:
        """A table for each side with what Adam keeps, and every sample through both towers, there and back."""
        dim, samples = float(self.embedding_dim), float(self.epochs * size.n_pairs)
        seen = float(self.longest_history + self.longest_audience)
        rows, numbers = self.batch_size + self.n_candidates, dim * (size.n_users + size.n_items)
        return Cost(
            self.held(numbers)
            + 4.0 * numbers  # what the rows were at first
            + 4 * csr_bytes(size.n_users, size.n_pairs)
            + 8.0 * rows * seen * dim,
            {FLOPS: 12 * samples * network_work(dim, self.layers), STEPS: 12 * samples * seen * dim},
        )

    def fresh(self, dataset: Dataset, samples: Samples, rng: np.random.Generator) -> TwoTowers:
        """Before it has learned; items that nobody took say nothing in a history, users without events nothing of an
        item."""
        spec, dim = self.spec_of(0, 0), self.embedding_dim
        network = tuple(spec.initial(rng))
        return TwoTowers(
            Known(dataset.users, dataset.items, dataset.histories()),
            item_factors=np.zeros((dataset.n_items, self.layers[-1] + 1), dtype=np.float32),
            rows=drawn_rows(samples.is_sold, dim, rng),
            thing_rows=drawn_rows(samples.who_took, dim, rng),
            content=np.zeros((dataset.n_items, 0), dtype=np.float32),
            reader=FactVectors().learn(pl.DataFrame()),
            item_reader=FactVectors().learn(pl.DataFrame()),
            longest=np.array([self.longest_history]),
            spec=spec.array(),
            network=network,
            learning_curve=np.zeros((0, 2), dtype=np.float32),
        )

    def spec_of(self, content: int, facts: int) -> Spec:
        """The network; towers over interactions read no ``content`` of items and no ``facts`` of people."""
        sizes = {"dim": self.embedding_dim, "content": 0, "layers": self.layers}
        return Spec.of("interaction_towers", self.precision, **sizes)

    def task(self, model: TwoTowers, dataset: Dataset, samples: Samples, held_out: HeldOut) -> "InteractionTask":
        """What trains a model with the ids of a data set."""
        tables = {"history": Table.of(model.rows, self.tables), "audience": Table.of(model.thing_rows, self.tables)}
        objective = CosineLoss(Spec.from_array(model.spec), self.n_negatives)
        return InteractionTask(model, tables, objective, samples, self, held_out)


@dataclass(frozen=True)
class InteractionTask:
    """See ``Task``: a sample is a pair that was taken, and its weight."""

    model: TwoTowers
    tables: Mapping[str, Table]
    objective: CosineLoss
    samples: Samples
    knobs: DMF
    held_out: HeldOut

    @property
    def roles(self) -> Mapping[str, str]:
        return {"history": "history", "audience": "audience"}

    @property
    def weights(self) -> Sequence[Array]:
        return self.model.network

    @cached_property
    def _takers(self) -> sparse.csr_matrix:
        """Who is seen to take each item, (n_items, n_users)."""
        return self.samples.seen.T.tocsr()

    @property
    def steps(self) -> int:
        return n_batches(len(self.samples), self.knobs.batch_size)

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        nobody = np.full(self.knobs.n_candidates, self.samples.seen.shape[0], dtype=np.int32)
        for at, share in dealt(len(self.samples), self.knobs.batch_size, rng):
            users, own = self.samples.at(at)
            items = np.concatenate([own, rng.choice(self.samples.sold, self.knobs.n_candidates).astype(np.int32)])
            history, shares = _others(self.samples.seen, users, own, self.knobs.longest_history, rng)
            shares[rng.random(len(users)) < HIDDEN] = 0
            who = np.concatenate([users, nobody])
            audience, audience_shares = _others(self._takers, items, who, self.knobs.longest_audience, rng)
            inputs = {
                "history_shares": shares,
                "audience_shares": audience_shares,
                "hits": hits_of(self.samples.taken, users, items),
            }
            yield Batch({"history": history, "audience": audience}, share * self.samples.weights[at], inputs)

    def trained(self, weights: Sequence[Array]) -> TwoTowers:
        """The model with its tables and these weights; an item that nobody took comes last."""
        counts = np.diff(self._takers.indptr)
        share = np.sqrt(np.minimum(counts, self.knobs.longest_audience)) / np.maximum(counts, 1)
        ones = self._takers.astype(np.float32, copy=True)
        ones.data[:] = 1
        audience = np.array(self.tables["audience"].rows)
        sums = times_dense(ones, audience) * share[:, None]
        factors = np.array(of_things(self.objective.spec, weights, {"item": sums.astype(np.float32)}))
        factors[counts == 0] = 0
        factors[counts == 0, -1] = LAST
        return replace(
            self.model, item_factors=factors, rows=np.array(self.tables["history"].rows), thing_rows=audience,
            network=tuple(weights), graph=None,
        )  # fmt: skip

    def validation(self, weights: Sequence[Array]) -> float | None:
        return self.held_out.judged(self.trained(weights).score) if len(self.held_out.items) else None


def _others(
    taken: sparse.csr_matrix, rows: Index, without: Index, length: int, rng: np.random.Generator
) -> tuple[Index, Scores]:
    """As ``other_items``; the shares sum to the root of how many there are."""
    found, shares = other_items(taken, rows, without, length, rng)
    return found, shares * np.sqrt(np.count_nonzero(shares, axis=1))[:, None].astype(np.float32)
