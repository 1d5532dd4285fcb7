"""DCN-v2: layers that cross all fields with all others, beside a tower over their vectors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from slatewright.core.knobs import Knob
from slatewright.data.dataset import Dataset
from slatewright.models.neural.facts.layout import Layout
from slatewright.models.neural.facts.recipe import FactRecipe, FieldTower
from slatewright.models.neural.facts.recommending import fit_pairs
from slatewright.models.neural.networks import Spec
from slatewright.models.shapes.fact_network import FactNetwork


@dataclass(frozen=True)
class CrossLayers(FieldTower):
    """Layers that multiply the vectors of all fields with each other."""

    cross_layers: Annotated[int, Knob("layers that cross fields", least=1, most=16, search=(1, 4))] = 2
    cross_rank: Annotated[
        int | None, Knob("rank of the matrices that cross; none: full", least=1, most=4096, search=(8, 128))
    ] = None


@dataclass(frozen=True)
class DeepCross(FactRecipe, CrossLayers):
    """Layers that multiply the vectors of all fields with each other, and a network beside them, learned together.

    Wang et al.: DCN V2, Improved Deep & Cross Network and Practical Lessons for Web-scale Learning to Rank Systems (WWW
    2021), its parallel structure. ``fit`` learns who takes what from ids, facts and histories; ``learn`` a plain table
    with labels.
    """

    def fit(self, dataset: Dataset) -> FactNetwork:
        """Learn who takes what. Facts of users are fields ``user.age``, of items ``item.price``.

        Raises:
            MissingExtra, Diverged, NoRoom: as ``train`` does.
        """
        return fit_pairs(self, dataset)

    def laid_out(self, layout: Layout, names: Sequence[str], usual: Sequence[tuple[int, int]]) -> Layout:
        """The layout without hashed crosses: the network crosses by itself."""
        return replace(layout, wide=False)

    def spec_of(self, layout: Layout) -> Spec:
        """The network for a layout."""
        return Spec.of(
            "deep_cross", self.precision, fields=len(layout.sizes), dim=self.embedding_dim, wide=0,
            history=layout.history, numbers=layout.numbers, layers=self.layers, dropout=self.dropout,
            crosses=self.cross_layers, rank=self.cross_rank,
        )  # fmt: skip
