"""A request as the world words it, and the query it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from slatewright.core.arrays import Index
from slatewright.core.errors import BadInput
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.world import World


class Fresh(NamedTuple):
    """An event that happened after the models were fitted: ``weight`` as in the settings, ``time`` in µs UTC."""

    item_id: str
    weight: float
    time: int


@dataclass(frozen=True)
class Request:
    """One request, in names.

    Any of these may be unknown to the shop: a ``user_id``, the ``items`` of an anonymous visitor (oldest first), facts,
    excluded items. ``fresh`` are the user's events since the models were fitted, oldest first.
    """

    k: int
    now: int
    user_id: str | None = None
    items: Sequence[str] = ()
    fresh: Sequence[Fresh] = ()
    exclude: Sequence[str] = ()
    categories: frozenset[str] | None = None
    exclude_categories: frozenset[str] = frozenset()
    facts: Mapping[str, str] = field(default_factory=dict)
    surface: str = ""
    slot: str = ""

    def __post_init__(self) -> None:
        if self.k < 1:
            raise BadInput(f"k must be at least 1, got {self.k}")


def resolve(world: World, request: Request) -> Query:
    """The query in indices; unknown names are left out, facts are looked up for a user without a history."""
    user = None if request.user_id is None else world.known.users.find(request.user_id)
    history = _history(world, user, request)
    facts = dict(request.facts)
    if user is not None and len(history.items) == 0 and world.user_facts.height:
        row = world.user_facts.row(user, named=True)
        facts = {name: str(value) for name, value in row.items() if value is not None} | facts
    return Query(
        request.k,
        request.now,
        history,
        request.user_id,
        _indices(world.catalogue.items, request.exclude),
        request.categories,
        request.exclude_categories,
        facts,
        request.surface,
        request.slot,
    )


def _indices(items: IdMap, names: Sequence[str]) -> Index:
    found = [at for at in map(items.find, names) if at is not None]
    return np.array(found, dtype=np.int32)


def _history(world: World, user: int | None, request: Request) -> Histories:
    """Trained past, then what the visitor says, then the fresh events."""
    items = world.catalogue.items
    told = [Fresh(name, 1.0, request.now) for name in request.items]
    events = [(at, event) for event in (*request.fresh, *told) if (at := items.find(event.item_id)) is not None]
    past = world.known.histories
    start, stop = (0, 0) if user is None else (int(past.offsets[user]), int(past.offsets[user + 1]))
    if not events:
        offsets = np.array([0, stop - start], dtype=np.int64)
        return Histories(offsets, past.items[start:stop], past.weights[start:stop], past.times[start:stop])
    return Histories(
        np.array([0, stop - start + len(events)], dtype=np.int64),
        np.concatenate([past.items[start:stop], np.array([at for at, _ in events], dtype=np.int32)]),
        np.concatenate([past.weights[start:stop], np.array([event.weight for _, event in events], dtype=np.float32)]),
        np.concatenate([past.times[start:stop], np.array([event.time for _, event in events], dtype=np.int64)]),
    )
