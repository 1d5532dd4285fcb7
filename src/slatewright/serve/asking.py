"""A request becomes a query: what the bundle learned of a user and what happened since become one history."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from slatewright.data.histories import Histories
from slatewright.events.records import Interaction
from slatewright.features.joining import joined, joined_shown
from slatewright.features.live import Sight
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.request import Request
from slatewright.pipeline.telling import Facts, with_told
from slatewright.serve.live_bundle import LiveBundle


def query_of(
    bundle: LiveBundle,
    request: Request,
    fresh: Sequence[Interaction],
    shown: Sequence[Sight] = (),
    told: Facts = MappingProxyType({}),
) -> Query:
    """The query of one request; ``fresh`` are the user's events since the bundle learned, oldest first, ``shown`` the
    slates, ``told`` the facts."""
    query, world = bundle.pipeline.query(request), bundle.pipeline.world
    if told:
        query = with_told(query, told, request.facts)
    if shown:
        past = query.history.shown
        history = replace(query.history, shown=joined_shown(past, shown, world.catalogue.items))
        query = replace(query, history=history, scored={})
    if not fresh:
        return query
    now = max(request.now, fresh[-1].time + 1)  # an acknowledged event has happened, whatever the clock says now
    history = joined(query.history, fresh, world.catalogue.items, bundle.weight_of, as_of=world.as_of, now=now)
    return replace(query, history=history, scored={})


def like(query: Query, item: int) -> Query:
    """The query that asks for items like one: it is the whole history, and not an answer."""
    alone = Histories.of([[item]], times=[[query.now]])
    exclude = np.append(query.exclude, np.int32(item)).astype(np.int32)
    return replace(query, history=alone, exclude=exclude, scored={})
