"""Only these shelves, or none of those."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Mask, Offsets
from slatewright.core.kernels import kernel
from slatewright.data.catalogue import Catalogue
from slatewright.pipeline.contracts import Filter, Query
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class CategoryFilter:
    """Keep the items of the wanted categories and drop those of the unwanted; names as in the catalogue."""

    name: str = "category"

    def bind(self, world: World) -> Filter:
        """Turn the catalogue around: the items of each category."""
        return _Bound(self.name, world.catalogue, *world.catalogue.shelves())


@dataclass(frozen=True)
class _Bound:
    name: str
    catalogue: Catalogue
    offsets: Offsets
    shelved: Index

    def keep(self, query: Query, items: Index) -> Mask:
        keep = np.ones(len(items), dtype=np.bool_)
        if query.categories is not None:
            keep &= self._on(query.categories, items)
        if query.exclude_categories:
            keep &= ~self._on(query.exclude_categories, items)
        return keep

    def only(self, query: Query) -> Index | None:
        """The items of the wanted categories."""
        if query.categories is None:
            return None
        shelves = [self.shelved[self.offsets[at] : self.offsets[at + 1]] for at in self._known(query.categories)]
        return shelves[0] if len(shelves) == 1 else np.unique(np.concatenate([*shelves, self.shelved[:0]]))

    def _known(self, names: Iterable[str]) -> list[int]:
        return [at for at in map(self.catalogue.category_names.find, names) if at is not None]

    def _on(self, names: Iterable[str], items: Index) -> Mask:
        """Which items stand in one of the categories, bool (n,)."""
        named = np.zeros(len(self.catalogue.category_names), dtype=np.bool_)
        named[self._known(names)] = True
        found = np.zeros(len(items), dtype=np.bool_)
        _stands(items, self.catalogue.category_offsets, self.catalogue.categories, named, found)
        return found


@kernel()
def _stands(items: Any, offsets: Any, categories: Any, named: Any, found: Any) -> None:
    for at in range(len(items)):
        for place in range(offsets[items[at]], offsets[items[at] + 1]):
            if named[categories[place]]:
                found[at] = True
                break
