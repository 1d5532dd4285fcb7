"""A request as the world words it, and the query it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index
from slatewright.core.errors import BadInput
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.telling import word
from slatewright.pipeline.world import World

VIEW = "view"  # what a visitor does with the items in hand


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
    if len(history.items) == 0:
        facts = facts_of(world, user) | facts
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


def facts_of(world: World, user: int | None) -> dict[str, str]:
    """What is known of a user besides events, as a request would tell it; nothing of a user nobody knows."""
    if user is None or world.user_facts.height == 0:
        return {}
    return {name: word(value) for name, value in world.user_facts.row(user, named=True).items() if value is not None}


def _indices(items: IdMap, names: Sequence[str]) -> Index:
    found = [at for at in map(items.find, names) if at is not None]
    return np.array(found, dtype=np.int32)


def _history(world: World, user: int | None, request: Request) -> Histories:
    """What is known of the user, then the items that the request names, each viewed at this instant."""
    past = world.nothing if user is None else world.known.histories.one(user)
    past = replace(past, facts=_told_facts(past.facts, request.facts))
    told = _indices(world.catalogue.items, request.items)
    if len(told) == 0:
        return past
    ones = np.ones(len(told), dtype=np.float32)
    times = np.full(len(told), request.now, dtype=np.int64)
    return past.followed_by(told, ones, times, values=ones, kinds=[VIEW] * len(told))


def _told_facts(facts: Frame | None, told: Mapping[str, str]) -> Frame | None:
    """One row of facts with those that the request tells in their place; what cannot be read as its type is null."""
    if facts is None:
        return None
    known = [name for name in told if name in facts.columns]
    if not known:
        return facts
    return facts.with_columns(_as_type(told[name], facts.schema[name]).alias(name) for name in known)


def _as_type(told: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.DataType):
        return pl.concat_list(_as_type(told, dtype.inner))
    if dtype == pl.Boolean:
        return pl.lit(told.strip().lower() in {"true", "1", "yes"})
    if dtype == pl.String or dtype.is_numeric():
        return pl.lit(told).cast(dtype, strict=False)
    return pl.lit(None, dtype)
