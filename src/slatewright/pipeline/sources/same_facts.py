"""What people who share the user's facts like."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.fact_popularity import FactPopularity
from slatewright.pipeline.sources.best import arranged
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class SameFactsSource:
    """Propose what is popular among the users with the same facts (country, age band, ...)."""

    limit: Annotated[int, Knob("how many items to propose", least=1)] = 100
    name: str = "same facts"

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Source:
        """Keep the counts at hand."""
        return _Bound(self.name, world.fact_popularity, self.limit)


@dataclass(frozen=True)
class _Bound:
    name: str
    counted: FactPopularity
    limit: int

    def propose(self, query: Query) -> Proposal:
        scores = self.counted.score(query.facts)
        had = np.flatnonzero(scores).astype(np.int32)
        ranked = arranged(had, scores[had])
        return Proposal(ranked.items[: self.limit], ranked.scores[: self.limit])
