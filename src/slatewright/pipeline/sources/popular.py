"""What everybody buys."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.sources.best import best
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class PopularSource:
    """Propose the most popular items, lately where ``half_life_days`` says so."""

    half_life_days: Annotated[
        float | None, Knob("an event counts half after so many days; none: for ever", above=0)
    ] = 30.0
    limit: Annotated[int, Knob("how many items to propose, beyond those already in the history", least=1)] = 100
    name: str = "popular"

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Source:
        """Rank the catalogue once."""
        return _Bound(self.name, best(world.popularity(self.half_life_days), len(world.catalogue)), self.limit)


@dataclass(frozen=True)
class _Bound:
    name: str
    ranked: Proposal
    limit: int
    in_memory: ClassVar[bool] = True

    def propose(self, query: Query) -> Proposal:
        stop = self.limit + len(query.history.items)
        return Proposal(self.ranked.items[:stop], self.ranked.scores[:stop])
