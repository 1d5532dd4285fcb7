"""How a slate came about, as bytes and back: everything a trace says, so that it can be asked again exactly.

Indices are those of the bundle that answered; open that version to read names.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from slatewright.core.arrays import Array, Index, Scores
from slatewright.core.errors import BadInput
from slatewright.data.histories import Histories
from slatewright.data.showings import Showings
from slatewright.pipeline.contracts import Candidates, Proposal, Query
from slatewright.pipeline.request import Request, resolve
from slatewright.pipeline.slate import Note, Outcome, Slate, Trace, outcome_of
from slatewright.pipeline.telling import with_told
from slatewright.pipeline.world import World
from slatewright.store.parcel import from_parcel, to_parcel

_HISTORY = ("offsets", "items", "weights", "times", "values", "kinds", "owners")
_POOL = ("items", "scores", "source", "ranks")


@dataclass(frozen=True, slots=True)
class Kept:
    """A slate that was answered: by which bundle under which of the shop's rules, and how it came about."""

    slate_id: str
    version: str
    policy: str
    outcome: Outcome


def keep(slate: Slate, version: str, policy: str = "") -> bytes:
    """The bytes of one answer: some 20 per candidate and source, those of the history, and what the score read.

    ``policy`` is the name under which the text of the shop's rules is kept.
    """
    trace = slate.trace
    arrays: dict[str, Array] = _query_arrays(trace.query)
    arrays |= {f"pool/{name}": getattr(trace.pool, name) for name in _POOL}
    arrays |= {"dropped_by": trace.dropped_by, "marks": trace.marks}
    for at, proposal in enumerate(trace.proposals):
        arrays |= {f"proposal/{at}/items": proposal.items, f"proposal/{at}/scores": proposal.scores}
    for at, (_, positions) in enumerate(trace.arrangements):
        arrays[f"order/{at}"] = positions.astype(np.int32)
    for at, (items, columns) in enumerate(trace.query.read.values()):
        arrays |= {f"read/{at}/items": items, f"read/{at}/columns": columns}
    return to_parcel({**_values(slate, version), "policy": policy}, arrays)


def kept(parcel: bytes) -> Kept:
    """The answer that ``keep`` wrote.

    Raises:
        BadInput: the bytes are no kept answer.
    """
    values, arrays = from_parcel(parcel)
    try:
        return Kept(values["slate_id"], values["version"], values["policy"], _outcome(values, arrays))
    except (KeyError, TypeError) as error:
        raise BadInput(f"these bytes are no kept slate: {error} is missing") from error


def in_world(outcome: Outcome, world: World) -> Outcome:
    """The outcome with the facts of its user, which lie in the bundle that answered."""
    query = outcome.trace.query
    asked = resolve(world, Request(query.k, query.now, query.user_id, facts=query.facts))
    history = replace(query.history, facts=with_told(asked, query.told, {}).history.facts)
    return replace(outcome, trace=replace(outcome.trace, query=replace(query, history=history)))


def _query_arrays(query: Query) -> dict[str, Array]:
    history = query.history
    found = {f"history/{name}": getattr(history, name) for name in _HISTORY}
    if history.shown is not None:
        found |= {"shown/items": history.shown.items, "shown/times": history.shown.times}
    return {name: array for name, array in found.items() if array is not None} | {"exclude": query.exclude}


def _values(slate: Slate, version: str) -> dict[str, Any]:
    trace, query = slate.trace, slate.trace.query
    return {
        "slate_id": slate.slate_id,
        "version": version,
        "fallback": slate.fallback,
        "query": {
            "k": query.k,
            "now": query.now,
            "user_id": query.user_id,
            "categories": None if query.categories is None else sorted(query.categories),
            "exclude_categories": sorted(query.exclude_categories),
            "facts": dict(query.facts),
            "told": dict(query.told),
            "surface": query.surface,
            "slot": query.slot,
            "kind_names": query.history.kind_names,
        },
        "sources": trace.source_names,
        "filters": trace.filter_names,
        "orders": [name for name, _ in trace.arrangements],
        "proposals": [proposal.how for proposal in trace.proposals],
        "read": list(query.read),
        "scored_by": trace.scored_by,
        "notes": [[note.stage, note.name, note.problem] for note in trace.notes],
        "remarks": [[note.stage, note.name, note.problem, False] for note in trace.remarks],
    }


def _outcome(values: dict[str, Any], arrays: dict[str, Array]) -> Outcome:
    proposals = [
        Proposal(arrays[f"proposal/{at}/items"], arrays[f"proposal/{at}/scores"], how)
        for at, how in enumerate(values["proposals"])
    ]
    orders = [(name, arrays[f"order/{at}"].astype(np.int64)) for at, name in enumerate(values["orders"])]
    trace = Trace(
        query=replace(_query(values["query"], arrays), read=_read(values["read"], arrays)),
        source_names=tuple(values["sources"]),
        proposals=tuple(proposals),
        pool=Candidates(arrays["pool/items"], arrays["pool/scores"], arrays["pool/source"], arrays["pool/ranks"]),
        filter_names=tuple(values["filters"]),
        dropped_by=arrays["dropped_by"],
        marks=arrays["marks"],
        arrangements=tuple(orders),
        notes=tuple(Note(*note) for note in values["notes"]),
        remarks=tuple(Note(*note) for note in values["remarks"]),
        scored_by=values["scored_by"],
    )
    return outcome_of(trace, values["fallback"])


def _read(names: list[str], arrays: dict[str, Array]) -> dict[str, tuple[Index, Scores]]:
    return {name: (arrays[f"read/{at}/items"], arrays[f"read/{at}/columns"]) for at, name in enumerate(names)}


def _told(facts: dict[str, Any]) -> dict[str, object]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}


def _shown(arrays: dict[str, Array]) -> Showings | None:
    """What the user had been shown, where anybody looked."""
    items = arrays.get("shown/items")
    return None if items is None else Showings(np.array([0, len(items)]), items, arrays["shown/times"])


def _query(values: dict[str, Any], arrays: dict[str, Array]) -> Query:
    history = Histories(
        offsets=arrays["history/offsets"],
        items=arrays["history/items"],
        weights=arrays["history/weights"],
        times=arrays["history/times"],
        values=arrays.get("history/values"),
        kinds=arrays.get("history/kinds"),
        kind_names=tuple(values["kind_names"]),
        owners=arrays.get("history/owners"),
        shown=_shown(arrays),
    )
    wished = values["categories"]
    return Query(
        k=values["k"],
        now=values["now"],
        history=history,
        user_id=values["user_id"],
        exclude=arrays["exclude"],
        categories=None if wished is None else frozenset(wished),
        exclude_categories=frozenset(values["exclude_categories"]),
        facts=values["facts"],
        told=_told(values["told"]),
        surface=values["surface"],
        slot=values["slot"],
    )
