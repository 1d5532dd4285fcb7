"""Wide & Deep: crossed columns remember what goes together, a tower over vectors of values generalises."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from slatewright.core.arrays import Array, Frame
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Size
from slatewright.models.neural.facts.fields import FactFields
from slatewright.models.neural.facts.labelled import LabelledFacts
from slatewright.models.neural.facts.layout import Layout
from slatewright.models.neural.facts.recipe import (
    Dropout,
    EmbeddingDim,
    FactNegatives,
    Fields,
    History,
    IdDropout,
    Layers,
    NegativeExponent,
    NegativeShare,
    PositiveWeight,
    UserIds,
    Vectors,
    cost_of_pairs,
    learn_labels,
    pairs_of,
)
from slatewright.models.neural.facts.recommending import fit_pairs
from slatewright.models.neural.facts.vectors import FactVectors
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.networks import Spec
from slatewright.models.shapes.fact_network import FactNetwork

USUAL, TEXTS = FactFields(), FactVectors(width=32)


@dataclass(frozen=True)
class WideAndDeep(NeuralKnobs):
    """A linear model over facts and crossed facts, and a network over their vectors, learned together.

    Cheng et al.: Wide & Deep Learning for Recommender Systems (DLRS 2016). ``fit`` learns who takes what from ids,
    facts and histories; ``learn`` a plain table with labels.
    """

    embedding_dim: EmbeddingDim = 16
    layers: Layers = (128, 64)
    dropout: Dropout = 0.2
    fields: Fields = USUAL
    vectors: Vectors = TEXTS
    crosses: Annotated[tuple[str, ...], Knob("pairs of facts, 'one x other'; none named: all that make sense")] = ()
    n_crosses: Annotated[
        int, Knob("places that crossed values share by hashing", least=2, most=1 << 28, search=(1 << 10, 1 << 20))
    ] = 1 << 16
    longest_history: History = 20
    user_ids: UserIds = True
    id_dropout: IdDropout = 0.1
    n_negatives: FactNegatives = 4
    negative_exponent: NegativeExponent = 0.0
    positive_weight: PositiveWeight = 1.0
    negative_share: NegativeShare = 1.0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> FactNetwork:
        """Learn who takes what. Facts of users are fields ``user.age``, of items ``item.price``.

        Raises:
            Diverged: the loss left the range of numbers.
        """
        return fit_pairs(self, self, dataset)

    def learn(self, facts: Frame, labels: Array, weights: Array | None = None) -> LabelledFacts:
        """Learn a plain table: one row of ``facts`` for each label, 0 or 1; ``weights`` of rows, where they differ.

        Raises:
            BadInput: labels or weights that do not fit the table, or a table without a number or a category.
        """
        return learn_labels(self, self, facts, labels, weights)

    def cost(self, size: Size) -> Cost:
        """See ``cost_of_pairs``."""
        return cost_of_pairs(self, self, self.layers, size)

    def laid_out(self, layout: Layout, names: Sequence[str], usual: Sequence[tuple[int, int]]) -> Layout:
        """The layout with what is crossed; ``names`` of the fields, ``usual`` pairs of them."""
        return replace(layout, pairs=pairs_of(self.crosses, names, usual), n_crosses=self.n_crosses)

    def spec_of(self, layout: Layout) -> Spec:
        """The network for a layout."""
        return Spec.of(
            "wide_and_deep", self.precision, fields=len(layout.sizes), dim=self.embedding_dim,
            wide=layout.width, history=layout.history, numbers=layout.numbers, layers=self.layers,
            dropout=self.dropout,
        )  # fmt: skip
