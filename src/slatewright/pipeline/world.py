"""What the stages of a pipeline may look at: the catalogue, the fitted models, the users as of one instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import numpy as np

from slatewright.core.arrays import Frame, Index, Scores
from slatewright.data.catalogue import Catalogue
from slatewright.data.histories import Histories
from slatewright.features.counters import Counters
from slatewright.features.sets import BoundFeatures, Counts
from slatewright.features.state import LiveCounts
from slatewright.models.fading import faded
from slatewright.models.model import Known, Model
from slatewright.models.nearest import NearestIndex
from slatewright.models.products import dots, products
from slatewright.models.recommending import Vectored
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.fact_popularity import FactPopularity
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.lists import ShopLists
from slatewright.pipeline.naming import unknown
from slatewright.pipeline.taught import Taught


@dataclass(frozen=True)
class World:
    """Everything known at ``as_of``; a stage's knobs become a stage by ``bind(world)``.

    ``user_facts`` has one row per user of ``known.users``, or no rows. ``version`` names the bundle, "" before it is
    written. ``indexes`` are those that sources asked for when the recipe learned, under the names they gave them.
    """

    catalogue: Catalogue
    known: Known
    models: Mapping[str, Model]
    fact_popularity: FactPopularity
    user_facts: Frame
    as_of: int
    version: str = ""
    indexes: Mapping[str, NearestIndex] = field(default_factory=dict)
    # Of a learned score: what it was taught, its features over the catalogue, and what was counted for them.
    taught: Taught | None = None
    features: BoundFeatures | None = None
    counts: Counts | None = None

    @property
    def learned_counts(self) -> Counters | None:
        """What was counted before ``as_of``, without what a server counted since; None where nothing is counted."""
        counts = self.counts.counters if isinstance(self.counts, LiveCounts) else self.counts
        return counts if isinstance(counts, Counters) else None

    @cached_property
    def nothing(self) -> Histories:
        """The history of somebody unknown: no event, no fact."""
        known = self.known.histories
        return known.take(np.empty(0, dtype=np.int32)).spread(np.zeros(1, dtype=np.bool_))

    @cached_property
    def item_facts(self) -> ItemFacts:
        """What is known of every item right now: the catalogue's facts, and what was told since."""
        return ItemFacts(self.catalogue)

    def model(self, name: str, *, asked_by: str) -> Model:
        """A fitted model by its name in the recipe.

        Raises:
            NotThere: the recipe has no estimator of that name.
        """
        if name not in self.models:
            raise unknown(name, self.models, asked_by)
        return self.models[name]

    @cached_property
    def lists(self) -> ShopLists:
        """The lists that people of the shop make by hand; empty until a file is followed."""
        return ShopLists(self.catalogue.items)

    @cached_property
    def item_vectors(self) -> Mapping[str, Scores]:
        """By the name of a model of factors, the vectors of its items, float32 (n_items, d)."""
        return {name: model.item_vectors for name, model in self.models.items() if isinstance(model, Vectored)}

    def vector(self, query: Query, name: str) -> Scores:
        """The vector (d,) that a model of factors gives the history of this request; folded in once per request."""
        if name not in query.vectors:
            query.vectors[name] = cast(Vectored, self.models[name]).user_factors(query.history)[0]
        return query.vectors[name]

    def score_all(self, query: Query, name: str) -> Scores:
        """What a model says of every item for this request, float32 (n_items,); asked once per request."""
        if name not in query.scored:
            query.scored[name] = self._score_all(query, name)
        return query.scored[name]

    def _score_all(self, query: Query, name: str) -> Scores:
        if name in self.item_vectors:
            scores: Scores = products(self.vector(query, name)[None], self.item_vectors[name])[0]
        else:
            scores = self.models[name].score(query.history)[0]
        return scores

    def score_some(self, query: Query, name: str, items: Index) -> Scores:
        """What a model says of some items, float32 (n,); read from ``score_all`` where that was asked already.

        A model of factors is asked for no other item.
        """
        if name in query.scored:
            return query.scored[name][items]
        if name in self.item_vectors:
            return dots(self.vector(query, name), self.item_vectors[name], items)
        some: Scores = self.models[name].score(query.history, items)[0]
        return some

    def popularity(self, half_life_days: float | None) -> Scores:
        """Summed weights of each item's events, float32 (n_items,), halved every ``half_life_days``."""
        events = self.known.histories
        weights = faded(events.weights, events.times, self.as_of, half_life_days)
        return np.bincount(events.items, weights, minlength=len(self.catalogue)).astype(np.float32)
