"""The ladder: what answers when the whole pipeline breaks or has no time left, one step down after the other.

    full      the recipe
    cheaper   all of it but the score: items are marked by how the sources agree, and by what the rules boost
    cached    what this user was answered before, as far as it may still be shown
    segment   what the recipe offers to newcomers, such as what people with the same facts like
    popular   the most popular items

Every step goes through the filters of the recipe, so none shows what must not be shown.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from slatewright.core.arrays import Index
from slatewright.pipeline.contracts import Proposal, Query
from slatewright.pipeline.request import facts_of
from slatewright.pipeline.running import run
from slatewright.pipeline.slate import Outcome, Slate
from slatewright.pipeline.stages import Stages
from slatewright.pipeline.telling import word
from slatewright.serve.guarding.last_resort import without_words
from slatewright.serve.live_bundle import LiveBundle

log = logging.getLogger("slatewright.serve")

FULL, CHEAPER, CACHED, SEGMENT, POPULAR = STEPS = ("full", "cheaper", "cached", "segment", "popular")
SOURCES_SHARE = 0.6  # of the time left: by then the sources must be done, so that there is time for what follows
MEMORY = 0.9  # how much of what a step took so far counts beside the last time
FADING = 0.98  # each time a step is left out for want of time, so that it is tried again
T = TypeVar("T", Slate, Outcome)


@dataclass(frozen=True, slots=True)
class _Climb(Generic[T]):
    """One way down: the stages of the whole recipe, or of a row in its ``place``; ``answer`` runs those of a step."""

    bundle: LiveBundle
    whole: Stages
    query: Query
    until: float | None
    answer: Callable[[Query, Stages], T]
    earlier: Sequence[str] = ()
    place: str = ""
    may_fill: bool = True


class Ladder:
    """Answers a query on the highest step that there is time for and that does not break. Safe for threads."""

    def __init__(self, failed: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._failed, self._clock = failed, clock
        self._told: set[tuple[str, str]] = set()
        self._takes: dict[tuple[str, str], float] = {}  # seconds; without a lock, a lost update does no harm

    def climb(self, bundle: LiveBundle, query: Query, earlier: Sequence[str], until: float | None = None) -> Slate:
        """The slate; its ``fallback`` names the step where that is not the full recipe.

        ``earlier`` are the items of an earlier answer, best first; ``until`` is an instant of ``time.monotonic()``.
        The last step is taken whether there is time or not; only when even that one breaks does this raise.
        """
        slate = self._descend(
            _Climb(bundle, bundle.pipeline.stages, query, until, bundle.pipeline.answer, earlier=earlier)
        )
        if slate is None:
            raise AssertionError("the last step answers or raises")
        return slate

    def row(
        self, bundle: LiveBundle, until: float | None, stages: Stages, query: Query, may_fill: bool
    ) -> Outcome | None:
        """One row of a page, in what is left of the time of the page.

        Where only what its own sources propose may stand below its title, there is no step below ``cheaper``: None,
        and the row is left out.
        """
        return self._descend(_Climb(bundle, stages, query, until, _run, place=query.slot, may_fill=may_fill))

    def _descend(self, climb: _Climb[T]) -> T | None:
        for step, stages in _steps(climb):
            if step != POPULAR and not self._is_time(climb, step):
                continue
            try:
                return self._take(step, stages(), climb)
            except Exception as error:  # a step that breaks, whatever is wrong with it, is followed by the next one
                if step == POPULAR:
                    raise
                self._broke(step, error)
        return None

    def _is_time(self, climb: _Climb[T], step: str) -> bool:
        key = climb.place, step
        if climb.until is None or self._clock() + self._takes.get(key, 0.0) <= climb.until:
            return True
        self._takes[key] = FADING * self._takes.get(key, 0.0)
        return False

    def _take(self, step: str, stages: Stages, climb: _Climb[T]) -> T:
        query, until, began = climb.query, climb.until, self._clock()
        if until is not None:
            query = replace(query, deadline=began + SOURCES_SHARE * max(until - began, 0.0))
        if step == SEGMENT:
            query = replace(query, facts={**_facts(climb.bundle, query), **query.facts})
        made = climb.answer(query, stages)
        key = climb.place, step
        self._takes[key] = MEMORY * self._takes.get(key, 0.0) + (1 - MEMORY) * (self._clock() - began)
        return named(made, step)

    def _broke(self, step: str, error: Exception) -> None:
        """Counted every time, told in the log the first time that a step breaks in this way."""
        self._failed(f"slate {step}")
        kind = (step, type(error).__name__)
        if kind not in self._told:
            self._told.add(kind)
            log.error("the step %r of the ladder broke\n%s", step, "\n".join(without_words(error)))


def named(slate: T, step: str) -> T:
    """What becomes a slate with its step as its fallback; a score that broke in the full recipe is a step down too."""
    if step == FULL:
        broken = {note.stage for note in slate.trace.notes}
        return replace(slate, fallback=CHEAPER) if slate.fallback is None and "score" in broken else slate
    return slate if slate.fallback == "closed" else replace(slate, fallback=step)


def _steps(climb: _Climb[T]) -> Iterator[tuple[str, Callable[[], Stages]]]:
    """The steps from the top, each with what makes its stages."""
    whole = climb.whole
    yield FULL, lambda: whole
    if not climb.query.is_newcomer:  # whose step it is anyway
        yield CHEAPER, lambda: replace(whole, score=whole.for_newcomers)
    if not climb.may_fill:
        return
    if climb.earlier:
        items, _ = climb.bundle.world.catalogue.items.locate(climb.earlier)
        remembered = (_Remembered(items),)
        yield CACHED, lambda: replace(whole, sources=remembered, newcomers=remembered, score=None, orders=())
    yield SEGMENT, lambda: replace(whole, sources=whole.newcomers, score=whole.for_newcomers, orders=())
    yield POPULAR, lambda: replace(whole, sources=(), newcomers=(), score=None, orders=())


def _run(query: Query, stages: Stages) -> Outcome:
    return run(stages, query)


def _facts(bundle: LiveBundle, query: Query) -> dict[str, str]:
    known = bundle.world.known.users
    learned = facts_of(bundle.world, None if query.user_id is None else known.find(query.user_id))
    return learned | {name: word(value) for name, value in query.told.items()}


@dataclass(frozen=True, slots=True)
class _Remembered:
    """Proposes the items of an earlier answer."""

    items: Index
    name: str = CACHED

    def propose(self, query: Query) -> Proposal:
        return Proposal(self.items, np.linspace(1, 0.5, len(self.items), dtype=np.float32))
