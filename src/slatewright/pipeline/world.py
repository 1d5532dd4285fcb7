"""What the stages of a pipeline may look at: the catalogue, the fitted models, the users as of one instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from slatewright.core.arrays import Frame, Index, Scores
from slatewright.data.catalogue import Catalogue
from slatewright.data.histories import Histories
from slatewright.models.fading import faded
from slatewright.models.model import Known, Model
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.fact_popularity import FactPopularity
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.naming import unknown


@dataclass(frozen=True)
class World:
    """Everything known at ``as_of``; a stage's knobs become a stage by ``bind(world)``.

    ``user_facts`` has one row per user of ``known.users``, or no rows. ``version`` names the bundle, "" before it is
    written.
    """

    catalogue: Catalogue
    known: Known
    models: Mapping[str, Model]
    fact_popularity: FactPopularity
    user_facts: Frame
    as_of: int
    version: str = ""

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

    def score_all(self, query: Query, name: str) -> Scores:
        """What a model says of every item for this request, float32 (n_items,); asked once per request."""
        if name not in query.scored:
            query.scored[name] = self.models[name].score(query.history)[0]
        return query.scored[name]

    def score_some(self, query: Query, name: str, items: Index) -> Scores:
        """What a model says of some items, float32 (n,); read from ``score_all`` where that was asked already."""
        if name in query.scored:
            return query.scored[name][items]
        some: Scores = self.models[name].score(query.history, items)[0]
        return some

    def popularity(self, half_life_days: float | None) -> Scores:
        """Summed weights of each item's events, float32 (n_items,), halved every ``half_life_days``."""
        events = self.known.histories
        weights = faded(events.weights, events.times, self.as_of, half_life_days)
        return np.bincount(events.items, weights, minlength=len(self.catalogue)).astype(np.float32)
