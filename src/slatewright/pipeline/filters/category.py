"""Only these shelves, or none of those."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.data.idmap import IdMap
from slatewright.pipeline.contracts import Filter, Query
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class CategoryFilter:
    """Keep the items of the wanted categories and drop those of the unwanted; names as in the catalogue."""

    name: str = "category"

    def bind(self, world: World) -> Filter:
        """Turn the catalogue around: the items of each category."""
        offsets, items = world.catalogue.shelves()
        return _Bound(self.name, world.catalogue.category_names, offsets, items, len(world.catalogue))


@dataclass(frozen=True)
class _Bound:
    name: str
    names: IdMap
    offsets: Offsets
    shelved: Index
    n_items: int

    def keep(self, query: Query, items: Index) -> Mask:
        if query.categories is None and not query.exclude_categories:
            return np.ones(len(items), dtype=np.bool_)
        allowed = np.full(self.n_items, query.categories is None, dtype=np.bool_)
        self._set(allowed, query.categories or (), True)
        self._set(allowed, query.exclude_categories, False)
        return allowed[items]

    def _set(self, allowed: Mask, names: Iterable[str], value: bool) -> None:
        for name in names:
            at = self.names.find(name)
            if at is not None:
                allowed[self.shelved[self.offsets[at] : self.offsets[at + 1]]] = value
