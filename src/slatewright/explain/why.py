"""Why, and why not: the trace of a slate read for one item."""

from dataclasses import replace

import numpy as np

from slatewright.core.arrays import Array, Offsets, Scores
from slatewright.core.errors import NotThere
from slatewright.explain.explanation import Because, Explanation, Moved, Proposed
from slatewright.explain.facts_in_common import shared_facts
from slatewright.explain.marks import parts_of_marks
from slatewright.explain.remarks import remarks_of
from slatewright.explain.words import sentences
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.guarded import drop
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.policy.filtering import BoundRuleFilter
from slatewright.pipeline.running import run
from slatewright.pipeline.slate import Note, Outcome, Trace

MOST_REASONS = 3


def why(pipeline: Pipeline, query: Query, item_id: str) -> Explanation:
    """Why an item is in the slate of a query; where it is not, why not.

    Raises:
        NotThere: the catalogue has no such item.
    """
    return why_of(pipeline, run(pipeline.stages, query), item_id)


def why_of(pipeline: Pipeline, outcome: Outcome, item_id: str) -> Explanation:
    """The same for a slate that was answered before: what its trace says stands, whatever holds today.

    Raises:
        NotThere: the catalogue has no such item.
    """
    item = pipeline.world.catalogue.items.find(item_id)
    if item is None:
        raise NotThere(f"the catalogue of {pipeline.world.version or 'this pipeline'} has no item {item_id!r}")
    query = outcome.trace.query
    found = _traced(pipeline, query, item, outcome)
    model, because = _reasons(pipeline, query, item, found)
    describing, shared = shared_facts(pipeline.world.models, query, item, found.parts)
    found = replace(found, because_model=model, because=because, shared_model=describing, shared=shared)
    return replace(found, sentences=sentences(found, query, pipeline.world.catalogue))


def why_not(pipeline: Pipeline, query: Query, item_id: str) -> Explanation:
    """Why an item is not in the slate of a query; where it is, why it is.

    Raises:
        NotThere: the catalogue has no such item.
    """
    return why(pipeline, query, item_id)


def _traced(pipeline: Pipeline, query: Query, item: int, outcome: Outcome) -> Explanation:
    """What the trace says of one item."""
    trace, catalogue = outcome.trace, pipeline.world.catalogue
    survivors = np.flatnonzero(trace.dropped_by == 0)
    at = np.flatnonzero(trace.pool.items[survivors] == item)
    places = [_place(positions, at) for _, positions in trace.arrangements]
    place = places[-1]
    dropped_by = _dropped_by(pipeline, trace, item)
    return Explanation(
        item_id=catalogue.items.name(item),
        title=catalogue.title(item),
        user_id=query.user_id,
        k=query.k,
        position=place if place is not None and place <= query.k else None,
        place=place,
        n_survivors=len(survivors),
        score=float(trace.marks[at[0]]) if len(at) else None,
        last_score=float(outcome.marks[-1]) if len(outcome.marks) else None,
        proposed=_proposed(trace, item),
        dropped_by=dropped_by,
        rules=_rules(pipeline, query, item, dropped_by),
        parts=_parts(pipeline, query, trace, int(at[0])) if len(at) else {},
        moved=_moved(trace, places),
        model_ranks=_model_ranks(pipeline, query, item),
        n_items=len(catalogue),
        fallback=outcome.fallback,
        notes=tuple(f"{note.stage} {note.name}: {note.problem}" for note in trace.notes),
        remarks=remarks_of(pipeline, trace),
    )


def _place(positions: Offsets, survivor: Array) -> int | None:
    """The place (from 1) of a survivor in an arrangement; ``survivor`` is empty where the item did not survive."""
    if len(survivor) == 0:
        return None
    return int(np.flatnonzero(positions == survivor[0])[0]) + 1


def _proposed(trace: Trace, item: int) -> tuple[Proposed, ...]:
    found = []
    for name, proposal in zip(trace.source_names, trace.proposals, strict=False):  # the filler proposes nothing
        at = np.flatnonzero(proposal.items == item)
        if len(at):
            offer = int(at[0]) + 1, len(proposal.items), float(proposal.scores[at[0]])
            found.append(Proposed(name, *offer, proposal.how))
    return tuple(found)


def _dropped_by(pipeline: Pipeline, trace: Trace, item: int) -> tuple[str, ...]:
    """Every filter of then that drops the item, not only the first; of a candidate, the trace has the first word."""
    at = np.flatnonzero(trace.pool.items == item)
    first = trace.filter_names[trace.dropped_by[at[0]]] if len(at) else None
    if first == "":
        return ()
    alone, notes = np.array([item], dtype=np.int32), list[Note]()
    asked = [one for one in pipeline.stages.filters if one.name in trace.filter_names]
    names = [one.name for one in asked if drop((one,), trace.query, alone, notes)[0]]
    return tuple(names if first is None or first in names else [first, *names])


def _rules(pipeline: Pipeline, query: Query, item: int, dropped_by: tuple[str, ...]) -> tuple[str, ...]:
    """The titles of the shop's rules that drop the item, where rules did."""
    filters = [one for one in pipeline.stages.filters if isinstance(one, BoundRuleFilter) and one.name in dropped_by]
    return tuple(title for one in filters for title in one.dropping(query, item))


def _parts(pipeline: Pipeline, query: Query, trace: Trace, survivor: int) -> dict[str, float]:
    """What each model adds to the mark of one survivor."""
    parts = parts_of_marks(pipeline.stages.marking(query), query, trace)
    known = pipeline.world.models
    return {name: float(part[survivor]) for name, part in parts.items() if part[survivor] or name in known}


def _moved(trace: Trace, places: list[int | None]) -> tuple[Moved, ...]:
    names = [name for name, _ in trace.arrangements]
    steps = zip(names[1:], places, places[1:], strict=False)
    return tuple(Moved(name, old, new) for name, old, new in steps if old and new and old != new)


def _model_ranks(pipeline: Pipeline, query: Query, item: int) -> dict[str, int]:
    """Where the item stands among all items for each model that was asked for all of them."""
    ranks = {}
    for name, scores in query.scored.items():
        better = np.count_nonzero(scores > scores[item]) + np.count_nonzero(scores[:item] == scores[item])
        ranks[name] = int(better) + 1
    return ranks


def _reasons(pipeline: Pipeline, query: Query, item: int, found: Explanation) -> tuple[str | None, tuple[Because, ...]]:
    """The things in the history that speak for the item, by the model that adds most to its score."""
    ranked = sorted(found.parts.items(), key=lambda part: -part[1])
    for name, part in ranked:
        model = pipeline.world.models.get(name)
        if model is None or part <= 0:
            continue
        reasons = np.maximum(model.reasons(query.history, item), 0)
        if reasons.sum() > 0:
            return name, _largest(pipeline, query, reasons)
    return None, ()


def _largest(pipeline: Pipeline, query: Query, reasons: Scores) -> tuple[Because, ...]:
    items, place = np.unique(query.history.items, return_inverse=True)
    shares = np.bincount(place, reasons, minlength=len(items)) / reasons.sum()
    catalogue = pipeline.world.catalogue
    order = np.lexsort((items, -shares))[:MOST_REASONS]
    return tuple(
        Because(catalogue.items.name(int(items[at])), catalogue.title(int(items[at])), float(shares[at]))
        for at in order
        if shares[at] >= 0.01
    )
