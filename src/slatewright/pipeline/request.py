"""A request as the world words it, and the query it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from slatewright.core.arrays import Index
from slatewright.core.errors import BadInput
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class Request:
    """One request, in names.

    Any of these may be unknown to the shop: a ``user_id``, the ``items`` that a visitor has in hand (oldest first; they
    follow what is known of the user), facts, excluded items.
    """

    k: int
    now: int
    user_id: str | None = None
    items: Sequence[str] = ()
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
    """What is known of the user, then the items that the request names, each with weight 1 at this instant."""
    past = world.known.histories
    start, stop = (0, 0) if user is None else (int(past.offsets[user]), int(past.offsets[user + 1]))
    told = _indices(world.catalogue.items, request.items)
    offsets = np.array([0, stop - start + len(told)], dtype=np.int64)
    if len(told) == 0:
        return Histories(offsets, past.items[start:stop], past.weights[start:stop], past.times[start:stop])
    return Histories(
        offsets,
        np.concatenate([past.items[start:stop], told]),
        np.concatenate([past.weights[start:stop], np.ones(len(told), dtype=np.float32)]),
        np.concatenate([past.times[start:stop], np.full(len(told), request.now, dtype=np.int64)]),
    )
