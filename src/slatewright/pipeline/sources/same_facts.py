"""What people who share the user's facts like."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

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
    half_life_days: Annotated[
        float | None, Knob("a user counts half for what was had last so many days ago; none: for ever", above=0)
    ] = None
    name: str = "same facts"

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Source:
        """Keep the counts at hand; where old ones count less, count again."""
        if self.half_life_days is None:
            return _Bound(self.name, world.fact_popularity, self.limit)
        lately = FactPopularity.counted(
            world.user_facts,
            world.known.histories,
            len(world.catalogue),
            as_of=world.as_of,
            half_life_days=self.half_life_days,
        )
        return _Bound(self.name, lately, self.limit)


@dataclass(frozen=True)
class _Bound:
    name: str
    counted: FactPopularity
    limit: int
    in_memory: ClassVar[bool] = True

    def propose(self, query: Query) -> Proposal:
        scores = self.counted.score(query.facts)
        had = np.flatnonzero(scores).astype(np.int32)
        ranked = arranged(had, scores[had])
        return Proposal(ranked.items[: self.limit], ranked.scores[: self.limit])
