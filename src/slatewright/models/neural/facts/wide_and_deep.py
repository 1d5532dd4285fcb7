"""Wide & Deep: crossed columns remember what goes together, a tower over vectors of values generalises."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob
from slatewright.data.dataset import Dataset
from slatewright.models.neural.facts.layout import Layout
from slatewright.models.neural.facts.recipe import FactRecipe, FieldTower
from slatewright.models.neural.facts.recommending import fit_pairs
from slatewright.models.neural.networks import Spec
from slatewright.models.shapes.fact_network import FactNetwork

MOST_CROSSES = 100  # pairs of columns that are crossed where none are named


@dataclass(frozen=True)
class HashedCrosses(FieldTower):
    """Pairs of values that have a weight of their own, in a table of fixed size."""

    crosses: Annotated[tuple[str, ...], Knob("pairs of facts, 'one x other'; none named: all that make sense")] = ()
    n_crosses: Annotated[
        int, Knob("places that crossed values share by hashing", least=2, most=1 << 28, search=(1 << 10, 1 << 20))
    ] = 1 << 16


@dataclass(frozen=True)
class WideAndDeep(FactRecipe, HashedCrosses):
    """A linear model over facts and crossed facts, and a network over their vectors, learned together.

    Cheng et al.: Wide & Deep Learning for Recommender Systems (DLRS 2016). ``fit`` learns who takes what from ids,
    facts and histories; ``learn`` a plain table with labels.
    """

    def fit(self, dataset: Dataset) -> FactNetwork:
        """Learn who takes what. Facts of users are fields ``user.age``, of items ``item.price``.

        Raises:
            MissingExtra, Diverged, NoRoom: as ``train`` does.
        """
        return fit_pairs(self, dataset)

    def laid_out(self, layout: Layout, names: Sequence[str], usual: Sequence[tuple[int, int]]) -> Layout:
        """The layout with what is crossed; ``names`` of the fields, ``usual`` pairs of them."""
        return replace(layout, pairs=_pairs(self.crosses, names, usual), n_crosses=self.n_crosses)

    def spec_of(self, layout: Layout) -> Spec:
        """The network for a layout."""
        return Spec.of(
            "wide_and_deep", self.precision, fields=len(layout.sizes), dim=self.embedding_dim,
            wide=layout.width, history=layout.history, numbers=layout.numbers, layers=self.layers,
            dropout=self.dropout,
        )  # fmt: skip


def _pairs(
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
