"""SASRec: what comes next after a sequence of events, by self-attention."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models.costs import FLOPS, GATHERS, Cost, Size
from slatewright.models.model import Known
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.sequences.negatives import Negatives
from slatewright.models.neural.sequences.objective import LOSSES, NextEvent
from slatewright.models.neural.sequences.packing import Pieces
from slatewright.models.neural.sequences.task import SequenceTask
from slatewright.models.neural.tables import Table
from slatewright.models.neural.training import train
from slatewright.models.shapes.encoded_histories import EncodedHistories

SPREAD = 0.02  # of the first item vectors


@dataclass(frozen=True)
class SASRec(NeuralKnobs):
    """Self-attention over the latest events of a user, in their order, says what comes next.

    Kang and McAuley: Self-Attentive Sequential Recommendation, ICDM 2018; trained by a softmax over items drawn for
    each batch (Klenitskiy and Vasilev: Turning Dross Into Gold Loss, RecSys 2023) or by the loss of gSASRec (Petrov and
    Macdonald, RecSys 2023). A user is a history: who came a second ago is answered by the same network.
    """

    embedding_dim: Annotated[int, Knob("numbers per item and place", least=1, most=4096, search=(32, 256))] = 64
    n_blocks: Annotated[int, Knob("blocks of attention, one after the other", least=1, most=16, search=(1, 4))] = 2
    n_heads: Annotated[int, Knob("parts of a vector that attend apart; divides embedding_dim", least=1)] = 1
    longest_history: Annotated[
        int,
        Knob("the latest events that are read; older ones teach in pieces of this length", least=2, search=(20, 200)),
    ] = 50
    dropout: Annotated[float, Knob("share of the numbers hidden while learning", least=0, below=1, search=(0, 0.5))] = (
        0.2
    )
    loss: Annotated[str, Knob("softmax, or gbce: the loss of gSASRec", choices=LOSSES)] = "softmax"
    n_negatives: Annotated[
        int,
        Knob("items drawn per batch, for gbce per row; all items where there are no more", least=1, search=(64, 4096)),
    ] = 512
    negative_exponent: Annotated[
        float, Knob("items are drawn by (their events) ** this; 0: all alike; 1: by popularity", least=0, most=1)
    ] = 0.5
    calibration: Annotated[
        float, Knob("gbce: 1 takes out the over-confidence that drawing brings, 0 leaves it", least=0, most=1)
    ] = 0.75
    batch_size: Annotated[
        int, Knob("rows of longest_history places per step; short histories share a row", least=1, search=(8, 128))
    ] = 32
    epochs: Annotated[int, Knob("most passes over the data", least=1, search=(10, 200))] = 60

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.embedding_dim % self.n_heads:
            raise BadKnob(f"SASRec.n_heads must divide embedding_dim {self.embedding_dim}, got {self.n_heads}")

    def fit(self, dataset: Dataset) -> EncodedHistories:
        """Learn what follows what. Events without a weight above 0 are left out.

        Raises:
            Diverged: the loss left the range of numbers.
        """
        rng = generator(self.rng)
        histories = dataset.histories()
        task = self.task(histories, dataset.n_items, rng)
        trained = train(task, self)
        return EncodedHistories(
            Known(dataset.users, dataset.items, histories),
            rows=np.array(task.items.rows),
            spec=task.objective.spec.array(),
            length=np.array([self.longest_history]),
            network=tuple(trained.weights),
            learning_curve=trained.learning_curve,
        )

    def cost(self, size: Size) -> Cost:
        """Item vectors with what Adam keeps, the events, and the numbers of a batch: attention, and scores of items."""
        d, length, n = float(self.embedding_dim), float(self.longest_history), min(self.n_negatives, size.n_items)
        places = float(self.epochs * size.n_events)
        per_place = self.n_blocks * (6.0 * d * d + 2.0 * length * d) + n * d
        in_batch = self.batch_size * length * (self.n_blocks * (20.0 * d + 4.0 * self.n_heads * length) + 4.0 * n)
        in_batch += 4.0 * d * n * (1 if self.loss == "softmax" else self.batch_size)  # negatives and their slopes
        return Cost(
            self.held(d * size.n_items) + 32.0 * size.n_events + 4.0 * in_batch,
            {FLOPS: 6.0 * places * per_place, GATHERS: 8.0 * places * d},
        )

    def task(self, histories: Histories, n_items: int, rng: np.random.Generator) -> SequenceTask:
        """What is learned from some histories; ``fit`` trains it."""
        held_out, left = HeldOut.of(histories.only(histories.weights > 0), self.validation_share, rng)
        counts, by_softmax = np.bincount(left.items, minlength=n_items), self.loss == "softmax"
        exponent = self.negative_exponent if by_softmax else 0.0
        negatives = Negatives.of(counts, self.n_negatives, exponent, per_row=not by_softmax)
        return SequenceTask(
            Table.drawn(n_items + 1, self.embedding_dim, rng, SPREAD, folder=self.tables),
            self.spec.initial(rng),
            self._objective(self.spec, negatives),
            Pieces.to_learn(_of_mean_one(left), self.longest_history),
            negatives,
            held_out,
            self.batch_size,
        )

    @property
    def spec(self) -> Spec:
        """The network."""
        return Spec.of(
            "sasrec",
            self.precision,
            d=self.embedding_dim,
            length=self.longest_history,
            blocks=self.n_blocks,
            heads=self.n_heads,
            dropout=self.dropout,
        )

    def _objective(self, spec: Spec, negatives: Negatives) -> NextEvent:
        """What is compiled; the softmax knows no share, so that one step serves catalogues of all sizes."""
        if self.loss == "softmax":
            return NextEvent(spec, self.loss)
        return NextEvent(spec, self.loss, negatives.share(), self.calibration)


def _of_mean_one(histories: Histories) -> Histories:
    """The same histories, their weights in a scale that does not reach the ends of the range of numbers."""
    mean = float(histories.weights.mean(dtype=np.float64)) if len(histories.items) else 1.0
    return replace(histories, weights=(histories.weights / mean).astype(np.float32))
