"""What this one request does not want."""

from dataclasses import dataclass

from slatewright.core.arrays import Index, Mask
from slatewright.core.membership import among
from slatewright.pipeline.contracts import Filter, Query
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class ExcludeFilter:
    """Drop the items that the request excludes (those already on the page, those in the basket)."""

    name: str = "excluded"

    def bind(self, world: World) -> Filter:
        """Learn how many items there are."""
        return _Bound(self.name, len(world.catalogue))


@dataclass(frozen=True)
class _Bound:
    name: str
    n_items: int

    def keep(self, query: Query, items: Index) -> Mask:
        return ~among(items, query.exclude, self.n_items)
