"""What the networks over facts share: their knobs, and how a network is laid out for a table."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Annotated, Protocol, TypeAlias

import numpy as np

from slatewright.core.arrays import Array, Frame, Scores, Weights
from slatewright.core.errors import BadInput, BadKnob
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
MOST_CROSSES = 100  # pairs of columns that are crossed where none are named

Fields: TypeAlias = Annotated[FactFields, Knob("how facts become fields")]
Layers: TypeAlias = Annotated[tuple[int, ...], Knob("widths of the layers of the tower, from the bottom")]
EmbeddingDim: TypeAlias = Annotated[int, Knob("numbers per value of a field", least=1, most=4096, search=(4, 64))]
Vectors: TypeAlias = Annotated[FactVectors, Knob("how texts and lists among the facts of items become vectors")]
History: TypeAlias = Annotated[
    int, Knob("the latest items of a history that are read; 0: none", least=0, most=1000, search=(5, 50))
]
UserIds: TypeAlias = Annotated[bool, Knob("whether users have vectors of their own, besides history and facts")]
IdDropout: TypeAlias = Annotated[
    float, Knob("share of the samples in which an id is hidden, so that facts must do", least=0, most=1)
]
FactNegatives: TypeAlias = Annotated[
    int, Knob("items drawn per event that the user did not take", least=1, most=1024, search=(1, 16))
]
NegativeExponent: TypeAlias = Annotated[
    float, Knob("items are drawn by (their users) ** this; 0: all alike; 1: by popularity", least=0, most=1)
]
Dropout: TypeAlias = Annotated[
    float, Knob("share of a layer that is left out in training", least=0, below=1, search=(0, 0.5))
]
PositiveWeight: TypeAlias = Annotated[float, Knob("how much a positive counts, next to a negative", above=0)]
NegativeShare: TypeAlias = Annotated[
    float, Knob("share of the negatives that each epoch draws; chances are corrected for it", above=0, most=1)
]


class FactRecipe(Protocol):
    """An estimator over facts, as far as a table with labels needs it."""

    @property
    def embedding_dim(self) -> int:
        """Numbers per place of a field."""

    @property
    def fields(self) -> FactFields:
        """How facts become fields."""

    @property
    def positive_weight(self) -> float:
        """How much a positive counts."""

    @property
    def negative_share(self) -> float:
        """Share of the negatives that an epoch draws."""

    def laid_out(self, layout: Layout, names: Sequence[str], usual: Sequence[tuple[int, int]]) -> Layout:
        """The layout with what this estimator crosses; ``names`` of the fields, ``usual`` pairs of them."""

    def spec_of(self, layout: Layout) -> Spec:
        """The network for a layout."""


class PairRecipe(FactRecipe, Protocol):
    """An estimator over facts, as far as pairs of users and items need it."""

    @property
    def vectors(self) -> FactVectors:
        """How texts and lists become vectors."""

    @property
    def longest_history(self) -> int:
        """Items of a history that are read."""

    @property
    def user_ids(self) -> bool:
        """Whether users have vectors."""

    @property
    def id_dropout(self) -> float:
        """How often an id is hidden."""

    @property
    def n_negatives(self) -> int:
        """Items drawn per event."""

    @property
    def negative_exponent(self) -> float:
        """How much the draw follows popularity."""


def network_work(first: float, layers: Sequence[int]) -> float:
    """Weights of a tower over so many numbers: each is multiplied three times per sample and step."""
    widths = [first, *map(float, layers)]
    return sum(one * other for one, other in pairwise(widths))


def cost_of_pairs(recipe: PairRecipe, knobs: NeuralKnobs, layers: Sequence[int], size: Size) -> Cost:
    """Tables with what Adam keeps, and every sample through the network, there and back."""
    dim, samples = float(recipe.embedding_dim), float(knobs.epochs * size.n_pairs * (1 + recipe.n_negatives))
    rows = size.n_users * recipe.user_ids + size.n_items
    fields = dim * (recipe.longest_history + FIELDS)
    memory = (
        knobs.held(rows * (dim + 1))
        + 4.0 * recipe.vectors.width * size.n_items
        + 4 * csr_bytes(size.n_users, size.n_pairs)
    )
    held = 60.0 * knobs.batch_size * (fields + sum(layers))
    return Cost(memory + held, {FLOPS: 6 * samples * network_work(FIELDS * dim, layers), STEPS: 12 * samples * fields})


def learn_labels(
    recipe: FactRecipe, knobs: NeuralKnobs, facts: Frame, labels: Array, weights: Array | None
) -> LabelledFacts:
    """Learn a table whose rows have labels; ``recipe`` and ``knobs`` are the same estimator.

    Raises:
        BadInput: labels or weights that do not fit the table.
    """
    given, rows_weights = _labels(facts, labels), _weights(facts, weights)
    rng = generator(knobs.rng)
    held_out = rng.random(facts.height) < knobs.validation_share
    reader = recipe.fields.learn(facts, ~held_out)
    if not reader.names:
        raise BadInput(f"{type(recipe).__name__}.learn must have at least one fact that is a number or a category, "
                       f"got {facts.height} rows of {', '.join(facts.columns) or 'nothing'}")  # fmt: skip
    usual = list(combinations(range(len(reader.names)), 2))
    layout = recipe.laid_out(Layout(reader.sizes, reader.n_numbers), reader.names, usual)
    net = FactNet.fresh(recipe.spec_of(layout), layout, recipe.embedding_dim, rng)
    rows_weights = rows_weights * np.where(given > 0, np.float32(recipe.positive_weight), np.float32(1))
    rows = Rows.plain(*reader.read(facts, facts.height))
    task = LabelTask(net, rows, given, rows_weights, held_out, knobs.batch_size, recipe.negative_share, knobs.tables)
    trained = train(task, replace(knobs, rng=rng))
    shift = shift_of(recipe.negative_share, recipe.positive_weight)
    return LabelledFacts(reader, net.trained(trained.weights, task.tables), shift, trained.learning_curve)


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


def pairs_of(
    crosses: Sequence[str], names: Sequence[str], usual: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """The columns that are crossed: those named ``"one x other"``, else the first of the ``usual`` ones.

    Raises:
        BadKnob: a name that is no field.
    """
    if not crosses:
        return tuple(usual[:MOST_CROSSES])
    found = []
    for cross in crosses:
        parts = [part.strip() for part in cross.split(" x ")]
        if len(parts) != 2 or not set(parts) <= set(names):
            raise BadKnob(f"crosses must be written 'one x other', of {', '.join(names)}, got {cross!r}")
        found.append((names.index(parts[0]), names.index(parts[1])))
    return tuple(found)
