"""What a model of factors scores highest, found in an index instead of by scoring everything."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, cast

import numpy as np

from slatewright.core.arrays import Index
from slatewright.core.knobs import Knob, check_knobs
from slatewright.models.model import Model
from slatewright.models.nearest import EXACT, PRECISIONS, Nearest, NearestIndex
from slatewright.models.recommending import Vectored
from slatewright.models.shapes import Factors
from slatewright.models.shapes.encoded_histories import EncodedHistories
from slatewright.models.shapes.fact_factors import FactedFactors
from slatewright.models.shapes.item_subspace import ItemSubspace
from slatewright.models.shapes.owned_factors import OwnedFactors
from slatewright.models.shapes.two_towers import TwoTowers
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.sources.best import best_of, nothing
from slatewright.pipeline.sources.model import of_all
from slatewright.pipeline.world import World

SAMPLE = 256  # users whose exact answers an index is measured against
MOST_EXACT = 2  # all of what a filter names is scored where it is at most one item in so many


@dataclass(frozen=True)
class NearestSource:
    """Propose the items that a model of factors scores highest for the history, found by an approximate index.

    ``slatewright train`` builds the index, measures what share of the exact best it finds and keeps both in the bundle.
    Everything is scored exactly where that is as quick: in a small catalogue, and among the few items that a filter
    leaves.
    """

    model: Annotated[
        str,
        Knob(
            "name of an estimator of the recipe that learns factors",
            names_estimators=True,
            learns=(Factors, FactedFactors, ItemSubspace, EncodedHistories, OwnedFactors, TwoTowers),
        ),
    ]
    limit: Annotated[int, Knob("how many items to propose, beyond those already in the history", least=1)] = 300
    precision: Annotated[
        str, Knob("how the index keeps a number: in one, two or four bytes", choices=tuple(PRECISIONS))
    ] = "int8"
    recall: Annotated[
        float,
        Knob("share of the exact best that the index must find; where it cannot, it is not used", above=0, most=1),
    ] = 0.95
    exact_below: Annotated[int, Knob("a catalogue of so many items or fewer needs no index", least=0)] = 20_000

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def index_name(self) -> str:
        """The name of its index in the bundle, that of the model first."""
        return f"{self.model}/{self.precision}-{self.limit}"

    def index(self, model: Model) -> NearestIndex | None:
        """The index over a fitted model, tried on some of the users it knows; None where none is needed."""
        vectors = cast(Vectored, model).item_vectors
        if len(vectors) <= self.exact_below:
            return None
        known = model.known.histories
        came = np.flatnonzero(known.lengths() > 0).astype(np.int32)
        some = came[np.unique(np.linspace(0, max(len(came) - 1, 0), min(SAMPLE, len(came))).astype(np.int64))]
        queries = cast(Vectored, model).user_factors(known.take(some))
        return NearestIndex.built(vectors, queries, precision=self.precision, limit=self.limit, recall=self.recall)

    def bind(self, world: World) -> Source:
        """Open the index, where the bundle has one that finds enough."""
        world.model(self.model, asked_by=f"NearestSource({self.model!r})")
        index = world.indexes.get(self.index_name)
        opened = None if index is None or index.expansion == EXACT else index.over(world.item_vectors[self.model])
        return _Bound(self.model, self.model, self.limit, world, opened)


@dataclass(frozen=True)
class _Bound:
    name: str
    model: str
    limit: int
    world: World
    nearest: Nearest | None
    in_memory: ClassVar[bool] = True

    @property
    def scores_all(self) -> tuple[str, ...]:
        """The model that it asks about every item, where it has no index."""
        return (self.model,) if self.nearest is None else ()

    def propose(self, query: Query) -> Proposal:
        wanted = self.limit + len(query.history.items)
        n_items = len(self.world.catalogue)
        if query.only is not None and len(query.only) * MOST_EXACT <= n_items:
            return self._among(query, query.only, wanted)
        if self.nearest is None:
            found = of_all(self.world, query, self.model, wanted)
            return Proposal(found.items, found.scores, "exact: every item was scored")
        if query.only is not None:  # of what is found, a filter drops this share
            wanted = min(n_items, wanted * n_items // len(query.only))
        items, marks = self.nearest.find(self.world.vector(query, self.model), wanted)
        return Proposal(items, marks, f"by the index ({self.nearest.index.precision})")

    def _among(self, query: Query, only: Index, wanted: int) -> Proposal:
        scores = self.world.score_some(query, self.model, only)
        found = nothing() if len(only) > 1 and scores.min() == scores.max() else best_of(only, scores, wanted)
        return Proposal(found.items, found.scores, f"exact: {len(only):,} items that a filter leaves were scored")
