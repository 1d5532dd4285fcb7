"""What a row is about: something the user had, or a category."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Protocol

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.catalogue import Catalogue
from slatewright.data.histories import Histories
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.world import World

DID: Mapping[str, str] = {
    "purchase": "bought",
    "cart": "wanted",
    "view": "looked at",
    "click": "looked at",
    "rating": "rated",
}
OTHERWISE = "chose"


@dataclass(frozen=True, slots=True)
class Subject:
    """What one row is about.

    ``words`` fill the title. The sources see ``history`` instead of the user's own where there is one; ``categories``
    are those that the row is held to.
    """

    words: Mapping[str, str]
    history: Histories | None = None
    categories: frozenset[str] | None = None


class BoundAbout(Protocol):
    """Names the subjects of a query, the best first; a row takes the first ones that it finds items for."""

    def subjects(self, query: Query) -> Iterator[Subject]: ...


class About(Protocol):
    """Knobs of what a row is about; ``words`` are the words that its title may use."""

    words: ClassVar[frozenset[str]]

    def bind(self, world: World) -> BoundAbout: ...


@dataclass(frozen=True)
class LastItems:
    """The last different things in the history: ``{item}``, and ``{did}`` is what the user did (bought, looked at)."""

    kinds: Annotated[tuple[str, ...], Knob("kinds of event that count, as purchase; empty: all of them")] = ()
    words: ClassVar[frozenset[str]] = frozenset({"item", "did"})

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> BoundAbout:
        """Keep the titles at hand."""
        return _BoundLastItems(self.kinds, world.catalogue)


@dataclass(frozen=True)
class _BoundLastItems:
    kinds: tuple[str, ...]
    catalogue: Catalogue

    def subjects(self, query: Query) -> Iterator[Subject]:
        history = query.history
        counted = history.weights > 0
        if self.kinds:
            counted &= history.of_kind(*self.kinds)
        at = np.flatnonzero(counted)[::-1]  # newest first
        _, first = np.unique(history.items[at], return_index=True)
        for event in at[np.sort(first)].tolist():
            item = int(history.items[event])
            alone = Histories.of([[item]], times=[[int(history.times[event])]])
            yield Subject({"item": self.catalogue.title(item), "did": _did(history, event)}, history=alone)


def _did(history: Histories, event: int) -> str:
    if history.kinds is None:
        return OTHERWISE
    return DID.get(history.kind_names[history.kinds[event]], OTHERWISE)


@dataclass(frozen=True)
class TopCategories:
    """The categories that the user goes to most: ``{category}``. Somebody unknown gets those that everybody goes to."""

    words: ClassVar[frozenset[str]] = frozenset({"category"})

    def bind(self, world: World) -> BoundAbout:
        """Count what everybody goes to."""
        everybody = np.arange(len(world.catalogue), dtype=np.int32)
        return _BoundTopCategories(
            world.catalogue, _visits(world.catalogue, everybody, world.popularity(half_life_days=None))
        )


@dataclass(frozen=True)
class _BoundTopCategories:
    catalogue: Catalogue
    everybody: Scores  # (n_categories,)

    def subjects(self, query: Query) -> Iterator[Subject]:
        mine = _visits(self.catalogue, query.history.items, np.maximum(query.history.weights, 0))
        visits = mine if mine.any() else self.everybody
        names = self.catalogue.category_names
        for at in np.lexsort((np.arange(len(visits)), -visits)).tolist():
            name = names.name(at)
            wanted = query.categories is None or name in query.categories
            if visits[at] > 0 and wanted and name not in query.exclude_categories:
                yield Subject({"category": name}, categories=frozenset({name}))


def _visits(catalogue: Catalogue, items: Index, weights: Scores) -> Scores:
    """How much each category was gone to, float32 (n_categories,); each item for its own in equal parts."""
    start, stop = catalogue.category_offsets[items], catalogue.category_offsets[items + 1]
    sizes = stop - start
    at = np.repeat(start - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
    shares = np.repeat(weights / np.maximum(sizes, 1), sizes)
    return np.bincount(catalogue.categories[at], shares, minlength=len(catalogue.category_names)).astype(np.float32)
