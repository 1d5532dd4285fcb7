"""What the networks over facts share: their knobs, how they learn a table with labels, and what they cost."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Annotated, TypeAlias

import numpy as np

from slatewright.core.arrays import Array, Frame, Scores, Weights
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob
from slatewright.core.randomness import generator
from slatewright.models.costs import FLOPS, STEPS, Cost, Size, csr_bytes
from slatewright.models.neural.facts.fact_net import FactNet
from slatewright.models.neural.facts.fields import FactFields
from slatewright.models.neural.facts.labelled import LabelledFacts, LabelTask, shift_of
from slatewright.models.neural.facts.layout import Layout, Rows
from slatewright.models.neural.facts.vectors import FactVectors
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.training import train

FIELDS = 10  # of a pair, where nobody counted
USUAL, TEXTS = FactFields(), FactVectors(width=32)

Layers: TypeAlias = Annotated[tuple[int, ...], Knob("widths of the layers of the tower, from the bottom")]
Dropout: TypeAlias = Annotated[
    float, Knob("share of a layer that is left out in training", least=0, below=1, search=(0, 0.5))
]
Vectors: TypeAlias = Annotated[FactVectors, Knob("how texts and lists among the facts of items become vectors")]
IdDropout: TypeAlias = Annotated[
    float, Knob("share of the samples in which an id is hidden, so that facts must do", least=0, most=1)
]


@dataclass(frozen=True)
class FieldTower(NeuralKnobs):
    """A tower over the vectors of fields."""

    embedding_dim: Annotated[int, Knob("numbers per value of a field", least=1, most=4096, search=(4, 64))] = 16
    layers: Layers = (128, 64)
    dropout: Dropout = 0.2
    fields: Annotated[FactFields, Knob("how facts become fields")] = USUAL
    vectors: Vectors = TEXTS


@dataclass(frozen=True)
class FactRecipe(FieldTower, ABC):
    """A tower beside something that crosses fields, over facts of a table or of users and items.

    What crosses them, with knobs of its own, is a base of the estimator as well: a dataclass begins with the last of
    its bases, and so these knobs stand between those of the tower and those of the samples.
    """

    longest_history: Annotated[
        int, Knob("the latest items of a history that are read; 0: none", least=0, most=1000, search=(5, 50))
    ] = 20
    user_ids: Annotated[bool, Knob("whether users have vectors of their own, besides history and facts")] = True
    id_dropout: IdDropout = 0.1
    n_negatives: Annotated[
        int, Knob("items drawn per event that the user did not take", least=1, most=1024, search=(1, 16))
    ] = 4
    negative_exponent: Annotated[
        float, Knob("items are drawn by (their users) ** this; 0: all alike; 1: by popularity", least=0, most=1)
    ] = 0.0
    positive_weight: Annotated[float, Knob("how much a positive counts, next to a negative", above=0)] = 1.0
    negative_share: Annotated[
        float, Knob("share of the negatives that each epoch draws; chances are corrected for it", above=0, most=1)
    ] = 1.0

    @abstractmethod
    def laid_out(self, layout: Layout, names: Sequence[str], usual: Sequence[tuple[int, int]]) -> Layout:
        """The layout with what this estimator crosses; ``names`` of the fields, ``usual`` pairs of them."""

    @abstractmethod
    def spec_of(self, layout: Layout) -> Spec:
        """The network for a layout."""

    def learn(self, facts: Frame, labels: Array, weights: Array | None = None) -> LabelledFacts:
        """Learn a plain table: one row of ``facts`` for each label, 0 or 1; ``weights`` of rows, where they differ.

        Raises:
            BadInput: labels or weights that do not fit the table, or a table without a number or a category.
            MissingExtra, Diverged, NoRoom: as ``train`` does.
        """
        given, rows_weights = _labels(facts, labels), _weights(facts, weights)
        rng = generator(self.rng)
        held_out = rng.random(facts.height) < self.validation_share
        reader = self.fields.learn(facts, ~held_out)
        if not reader.names:
            raise BadInput(f"{type(self).__name__}.learn must have at least one fact that is a number or a category, "
                           f"got {facts.height} rows of {', '.join(facts.columns) or 'nothing'}")  # fmt: skip
        usual = list(combinations(range(len(reader.names)), 2))
        layout = self.laid_out(Layout(reader.sizes, reader.n_numbers), reader.names, usual)
        net = FactNet.fresh(self.spec_of(layout), layout, self.embedding_dim, rng)
        rows_weights = rows_weights * np.where(given > 0, np.float32(self.positive_weight), np.float32(1))
        rows = Rows.plain(*reader.read(facts, facts.height))
        task = LabelTask(net, rows, given, rows_weights, held_out, self.batch_size, self.negative_share, self.tables)
        trained = train(task, replace(self, rng=rng))
        shift = shift_of(self.negative_share, self.positive_weight)
        return LabelledFacts(reader, net.trained(trained.weights, task.tables), shift, trained.learning_curve)

    def cost(self, size: Size) -> Cost:
        """Tables with what Adam keeps, and every sample through the network, there and back."""
        dim, samples = float(self.embedding_dim), float(self.epochs * size.n_pairs * (1 + self.n_negatives))
        rows = size.n_users * self.user_ids + size.n_items
        fields = dim * (self.longest_history + FIELDS)
        memory = (
            self.held(rows * (dim + 1))
            + 4.0 * self.vectors.width * size.n_items
            + 4 * csr_bytes(size.n_users, size.n_pairs)
        )
        held = 60.0 * self.batch_size * (fields + sum(self.layers))
        work = 6 * samples * network_work(FIELDS * dim, self.layers)
        return Cost(memory + held, {FLOPS: work, STEPS: 12 * samples * fields})


def network_work(first: float, layers: Sequence[int]) -> float:
    """Weights of a tower over so many numbers: each is multiplied three times per sample and step."""
    widths = [first, *map(float, layers)]
    return sum(one * other for one, other in pairwise(widths))


def _labels(facts: Frame, labels: Array) -> Weights:
    given = np.asarray(labels)
    if given.shape != (facts.height,) or not np.isin(given, (0, 1)).all():
        values = list(dict.fromkeys(map(str, given.ravel())))
        raise BadInput(
            f"labels must be 0 or 1, one for each of {facts.height} rows, got an array {given.shape} of "
            f"{', '.join(values[:5])}"
        )
    return given.astype(np.float32)


def _weights(facts: Frame, weights: Array | None) -> Scores:
    if weights is None:
        return np.ones(facts.height, dtype=np.float32)
    given = np.asarray(weights, dtype=np.float32)
    if given.shape != (facts.height,) or not (np.isfinite(given).all() and (given >= 0).all()):
        raise BadInput(f"weights must be finite and >= 0, one for each of {facts.height} rows, got {given.shape}")
    return given
