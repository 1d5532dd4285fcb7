"""From a query to a page: row after row, each through its own four stages, without repeats."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

import numpy as np

from slatewright.core.arrays import Index
from slatewright.data.histories import Histories
from slatewright.pipeline.apart import Call
from slatewright.pipeline.composing.page import Page, Row
from slatewright.pipeline.composing.subjects import BoundAbout, Subject
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.filters import CategoryFilter, ExcludeFilter
from slatewright.pipeline.policy import Pin
from slatewright.pipeline.policy.applying import with_rules
from slatewright.pipeline.policy.rules import Rule
from slatewright.pipeline.running import run
from slatewright.pipeline.slate import Outcome
from slatewright.pipeline.stages import Stages, bound
from slatewright.pipeline.world import World

TRIES = 4  # how many subjects to look at for every row that is wanted


@dataclass(frozen=True, slots=True)
class Composed:
    """One row: its title, the name of its place, what was asked and what came of it."""

    title: str
    slot: str
    query: Query
    outcome: Outcome


class Answer(Protocol):
    """Runs a query through the stages of a row; ``may_fill`` says whether anything popular may stand below its title.

    None where the row is to be left out.
    """

    def __call__(self, stages: Stages, query: Query, may_fill: bool) -> Outcome | None: ...


def plainly(stages: Stages, query: Query, may_fill: bool) -> Outcome:
    """Every row gets all the time that it takes."""
    return run(stages, query)


@dataclass(frozen=True)
class BoundRow:
    """A row over a world."""

    knobs: Row
    stages: Stages
    about: BoundAbout | None

    def subjects(self, query: Query) -> Iterator[Subject]:
        """What it may be about, the best first."""
        if self.about is None:
            return iter((Subject({}),))
        return islice(self.about.subjects(query), TRIES * self.knobs.rows)

    def asked(self, query: Query, subject: Subject, taken: Index, slot: str) -> Query:
        """What its stages are asked, when ``taken`` stands on the page already."""
        return replace(
            query,
            k=self.knobs.k or query.k,
            exclude=np.concatenate([query.exclude, taken]),
            categories=query.categories if subject.categories is None else subject.categories,
            slot=slot,
            read={},  # of candidates of its own
        )


def bind_page(page: Page, bare: Stages, rules: Sequence[Rule], world: World) -> tuple[BoundRow, ...]:
    """Bind the stages that the rows bring; the others are the recipe's, ``bare`` of rules.

    The rules hold in every row. Only a row with sources of its own takes no pins: it holds what those propose.
    """
    return tuple(_bound_row(row, bare, rules, world) for row in page.rows)


def _bound_row(row: Row, bare: Stages, rules: Sequence[Rule], world: World) -> BoundRow:
    stages = _own_stages(row, bare, world)
    held = [rule for rule in rules if row.sources is None or not isinstance(rule, Pin)]
    stages = with_rules(stages, held, world)
    # No repeats and no item of another category, whatever filters the recipe has.
    always = (ExcludeFilter("on this page").bind(world), CategoryFilter("category of the row").bind(world))
    about = None if row.about is None else row.about.bind(world)
    return BoundRow(row, replace(stages, filters=(*stages.filters, *always)), about)


def _own_stages(row: Row, stages: Stages, world: World) -> Stages:
    """The stages with those of the row in their place."""
    if row.sources is not None:
        sources = tuple(bound(one, world, "propose", "pages") for one in row.sources)
        stages = replace(stages, sources=sources, newcomers=sources, score=None, fills=False)
    if row.score is not None:
        stages = replace(stages, score=bound(row.score, world, "mark", "pages"))
    if row.orders is not None:
        stages = replace(stages, orders=tuple(bound(one, world, "arrange", "pages") for one in row.orders))
    if row.filters is not None:
        stages = replace(stages, filters=tuple(bound(one, world, "keep", "pages") for one in row.filters))
    return stages


def compose(rows: tuple[BoundRow, ...], query: Query, answer: Answer = plainly) -> Iterator[Composed]:
    """The rows of a page that have enough to show, top down."""
    taken = np.empty(0, dtype=np.int32)
    for row in rows:
        for one in islice(_filled(row, query, taken, answer), row.knobs.rows):
            taken = np.concatenate([taken, one.outcome.items])
            yield one


def _filled(row: BoundRow, query: Query, taken: Index, answer: Answer) -> Iterator[Composed]:
    made: list[Index] = [taken]
    for subject in row.subjects(query):
        slot = row.knobs.place if len(made) == 1 else f"{row.knobs.place}-{len(made)}"
        asked = row.asked(query, subject, np.concatenate(made), slot)
        outcome = answer(_about(row.stages, subject.history), asked, row.stages.fills and subject.history is None)
        if outcome is not None and len(outcome.items) >= min(row.knobs.least, asked.k):
            made.append(outcome.items)
            yield Composed(row.knobs.titled(subject.words), slot, asked, outcome)


def _about(stages: Stages, history: Histories | None) -> Stages:
    """The stages, their sources shown another history; the score marks for the user as ever."""
    if history is None:
        return stages
    return replace(stages, sources=tuple(_Narrowed(source, history) for source in stages.sources))


@dataclass(frozen=True)
class _Narrowed:
    """A source that sees another history."""

    source: Source
    history: Histories

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def least(self) -> int:
        return int(getattr(self.source, "least", 0))

    def propose(self, query: Query) -> Proposal:
        return self.source.propose(self._asked(query))

    @property
    def started(self) -> Callable[[Query], Call] | None:
        begin = getattr(self.source, "started", None)
        return None if begin is None else lambda query: begin(self._asked(query))

    def _asked(self, query: Query) -> Query:
        return replace(query, history=self.history, scored={}, vectors={})
