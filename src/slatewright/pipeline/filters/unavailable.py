"""What cannot be sold is not shown."""

from dataclasses import dataclass

from slatewright.core.arrays import Index, Mask
from slatewright.pipeline.contracts import Filter, Query
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class UnavailableFilter:
    """Drop the items whose facts say that they are hidden or out of stock."""

    name: str = "unavailable"

    def bind(self, world: World) -> Filter:
        """Keep at hand what can be sold now: it follows the facts that are told after training."""
        return _Bound(self.name, world.item_facts.available)


@dataclass(frozen=True)
class _Bound:
    name: str
    available: Mask

    def keep(self, query: Query, items: Index) -> Mask:
        return self.available[items]
