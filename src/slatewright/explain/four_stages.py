"""One answer from end to end: what each of the four stages said, side by side."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from slatewright.core.arrays import Index
from slatewright.core.clock import iso
from slatewright.explain.marks import parts_of_marks
from slatewright.explain.remarks import remarks_of
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.slate import Outcome, Trace

MOST = 20  # items listed of a source or a filter, where there are more
KNOWN = 12  # things of the history that are listed, the newest


@dataclass(frozen=True, slots=True)
class Named:
    """An item by its id and by what people call it."""

    item_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Offered:
    """An item that a source proposed, at a rank from 1, and its fate: a position in the slate, or who dropped it.

    Both None: it passed the filters, and others were worth more.
    """

    item: Named
    rank: int
    score: float
    position: int | None
    dropped_by: str | None


@dataclass(frozen=True, slots=True)
class FromSource:
    """What one source proposed: how many, and the first of them."""

    source: str
    proposed: int
    first: tuple[Offered, ...]


@dataclass(frozen=True, slots=True)
class ByFilter:
    """What one filter dropped: how many, and some of them."""

    filter: str
    dropped: int
    first: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """An item with its mark, its place by marks alone, and what the parts add where the score says so."""

    item: Named
    mark: float
    place: int
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Arranged:
    """An item at a place after an order, and the place where it stood before."""

    item: Named
    place: int
    before: int


@dataclass(frozen=True, slots=True)
class ByOrder:
    """The first places after one order."""

    order: str
    first: tuple[Arranged, ...]


@dataclass(frozen=True, slots=True)
class FourStages:
    """The request, what each stage made of it, and what broke on the way.

    ``history`` is what was known of the user, newest first. ``candidates`` is the pool, ``survivors`` what passed the
    filters. ``marked`` are the best by marks alone; the last of ``orders`` begins with the slate.
    """

    user_id: str | None
    now: int
    k: int
    surface: str
    slot: str
    history: tuple[Named, ...]
    sources: tuple[FromSource, ...]
    candidates: int
    filters: tuple[ByFilter, ...]
    survivors: int
    score: str | None
    marked: tuple[Marked, ...]
    orders: tuple[ByOrder, ...]
    slate: tuple[Named, ...]
    fallback: str | None
    notes: tuple[str, ...]
    remarks: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Everything, in plain values for JSON; ``now`` as ISO-8601."""
        return {**asdict(self), "now": iso(self.now)}


def four_stages(pipeline: Pipeline, outcome: Outcome) -> FourStages:
    """What the trace of an answer says, stage by stage; ``pipeline`` is that of the bundle which answered."""
    told = _Told(pipeline, outcome)
    trace, query = outcome.trace, outcome.trace.query
    newest = np.fromiter(dict.fromkeys(query.history.items[::-1].tolist()), dtype=np.int32)
    return FourStages(
        user_id=query.user_id,
        now=query.now,
        k=query.k,
        surface=query.surface,
        slot=query.slot,
        history=told.named(newest[:KNOWN]),
        sources=told.sources(),
        candidates=len(trace.pool.items),
        filters=told.filters(),
        survivors=int(np.count_nonzero(trace.dropped_by == 0)),
        score=trace.scored_by or None,
        marked=told.marked(),
        orders=told.orders(),
        slate=told.named(outcome.items),
        fallback=outcome.fallback,
        notes=tuple(f"{note.stage} {note.name}: {note.problem}" for note in trace.notes),
        remarks=remarks_of(pipeline, trace),
    )


class _Told:
    """The parts of one trace, with names in place of indices."""

    def __init__(self, pipeline: Pipeline, outcome: Outcome) -> None:
        self._pipeline, self._trace = pipeline, outcome.trace
        self._positions = {item: at for at, item in enumerate(outcome.items.tolist(), start=1)}
        names = np.array(self._trace.filter_names, dtype=object)[self._trace.dropped_by]
        self._dropped = dict(zip(self._trace.pool.items.tolist(), names.tolist(), strict=True))

    def named(self, items: Index) -> tuple[Named, ...]:
        catalogue = self._pipeline.world.catalogue
        return tuple(Named(catalogue.items.name(item), catalogue.title(item)) for item in items.tolist())

    def sources(self) -> tuple[FromSource, ...]:
        trace: Trace = self._trace
        told = []
        for name, proposal in zip(trace.source_names, trace.proposals, strict=False):  # the filler proposes nothing
            items, scores = proposal.items[:MOST], proposal.scores[:MOST].tolist()
            rows = zip(items.tolist(), self.named(items), scores, strict=True)
            first = [
                Offered(item, rank, score, self._positions.get(index), self._dropped.get(index) or None)
                for rank, (index, item, score) in enumerate(rows, start=1)
            ]
            told.append(FromSource(name, len(proposal.items), tuple(first)))
        return tuple(told)

    def filters(self) -> tuple[ByFilter, ...]:
        trace, told = self._trace, []
        for at, name in enumerate(trace.filter_names[1:], start=1):
            items = trace.pool.items[trace.dropped_by == at]
            told.append(ByFilter(name, len(items), self.named(items[:MOST])))
        return tuple(told)

    def marked(self) -> tuple[Marked, ...]:
        trace = self._trace
        best = trace.arrangements[0][1][:MOST]  # the first arrangement is by marks alone
        items = trace.pool.items[trace.dropped_by == 0][best]
        parts = parts_of_marks(self._pipeline.stages.marking(trace.query), trace.query, trace)
        rows = zip(self.named(items), best.tolist(), strict=True)
        return tuple(
            Marked(item, float(trace.marks[at]), place, {name: float(part[at]) for name, part in parts.items()})
            for place, (item, at) in enumerate(rows, start=1)
        )

    def orders(self) -> tuple[ByOrder, ...]:
        survivors, told = self._trace.pool.items[self._trace.dropped_by == 0], []
        arrangements, most = self._trace.arrangements, max(self._trace.query.k, 1)
        for (_, before), (name, after) in pairwise(arrangements):
            stood = np.empty(len(before), dtype=np.int64)
            stood[before] = np.arange(1, len(before) + 1)
            first = after[: min(most, MOST)]
            rows = zip(self.named(survivors[first]), stood[first].tolist(), strict=True)
            arranged = [Arranged(item, place, old) for place, (item, old) in enumerate(rows, start=1)]
            told.append(ByOrder(name, tuple(arranged)))
        return tuple(told)
