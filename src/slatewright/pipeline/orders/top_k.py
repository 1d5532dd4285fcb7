"""Highest mark first."""

from dataclasses import dataclass

from slatewright.core.arrays import Offsets
from slatewright.models.topk import best_first
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class TopK:
    """Arrange by mark, highest first; ties break by item index."""

    name: str = "top-k"

    def bind(self, world: World) -> "TopK":
        """Nothing to look up."""
        return self

    def arrange(self, query: Query, candidates: Candidates) -> Offsets:
        """Positions of all candidates, highest mark first."""
        return best_first(candidates.items, candidates.scores)
