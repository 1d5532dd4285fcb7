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

import numpy as np

from slatewright.core.arrays import Index
from slatewright.pipeline.contracts import Proposal, Query
from slatewright.pipeline.request import facts_of
from slatewright.pipeline.slate import Slate
from slatewright.pipeline.stages import Stages
from slatewright.serve.guarding.last_resort import without_words
from slatewright.serve.live_bundle import LiveBundle

log = logging.getLogger("slatewright.serve")

FULL, CHEAPER, CACHED, SEGMENT, POPULAR = STEPS = ("full", "cheaper", "cached", "segment", "popular")
SOURCES_SHARE = 0.6  # of the time left: by then the sources must be done, so that there is time for what follows
MEMORY = 0.9  # how much of what a step took so far counts beside the last time
FADING = 0.98  # each time a step is left out for want of time, so that it is tried again


class Ladder:
    """Answers a query on the highest step that there is time for and that does not break. Safe for threads."""

    def __init__(self, failed: Callable[[str], None], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._failed, self._clock = failed, clock
        self._told: set[tuple[str, str]] = set()
        self._takes = dict.fromkeys(STEPS, 0.0)  # seconds; written without a lock, a lost update does no harm

    def climb(self, bundle: LiveBundle, query: Query, earlier: Sequence[str], until: float | None = None) -> Slate:
        """The slate; its ``fallback`` names the step where that is not the full recipe.

        ``earlier`` are the items of an earlier answer, best first; ``until`` is an instant of ``time.monotonic()``.
        The last step is taken whether there is time or not; only when even that one breaks does this raise.
        """
        whole = bundle.pipeline.stages
        for step, stages in _steps(bundle, whole, query, earlier):
            if step != POPULAR and until is not None and self._clock() + self._takes[step] > until:
                self._takes[step] *= FADING
                continue
            try:
                return self._take(step, bundle, stages(), query, until)
            except Exception as error:  # a step that breaks, whatever is wrong with it, is followed by the next one
                if step == POPULAR:
                    raise
                self._broke(step, error)
        raise AssertionError("the last step answers or raises")

    def _take(self, step: str, bundle: LiveBundle, stages: Stages, query: Query, until: float | None) -> Slate:
        began = self._clock()
        if until is not None:
            query = replace(query, deadline=began + SOURCES_SHARE * max(until - began, 0.0))
        if step == SEGMENT:
            query = replace(query, facts={**_facts(bundle, query), **query.facts})
        slate = bundle.pipeline.answer(query, stages)
        self._takes[step] = MEMORY * self._takes[step] + (1 - MEMORY) * (self._clock() - began)
        return named(slate, step)

    def _broke(self, step: str, error: Exception) -> None:
        """Counted every time, told in the log the first time that a step breaks in this way."""
        self._failed(f"slate {step}")
        kind = (step, type(error).__name__)
        if kind not in self._told:
            self._told.add(kind)
            log.error("the step %r of the ladder broke\n%s", step, "\n".join(without_words(error)))


def named(slate: Slate, step: str) -> Slate:
    """The slate with its step as its fallback; a score or sources that broke in the full recipe are a step down too."""
    if step == FULL:
        broken = {note.stage for note in slate.trace.notes}
        return replace(slate, fallback=CHEAPER) if slate.fallback is None and "score" in broken else slate
    return slate if slate.fallback == "closed" else replace(slate, fallback=step)


def _steps(
    bundle: LiveBundle, whole: Stages, query: Query, earlier: Sequence[str]
) -> Iterator[tuple[str, Callable[[], Stages]]]:
    """The steps from the top, each with what makes its stages."""
    yield FULL, lambda: whole
    if not query.is_newcomer:  # whose step it is anyway
        yield CHEAPER, lambda: replace(whole, score=whole.for_newcomers)
    if earlier:
        items, _ = bundle.world.catalogue.items.locate(earlier)
        remembered = (_Remembered(items),)
        yield CACHED, lambda: replace(whole, sources=remembered, newcomers=remembered, score=None, orders=())
    yield SEGMENT, lambda: replace(whole, sources=whole.newcomers, score=whole.for_newcomers, orders=())
    yield POPULAR, lambda: replace(whole, sources=(), newcomers=(), score=None, orders=())


def _facts(bundle: LiveBundle, query: Query) -> dict[str, str]:
    known = bundle.world.known.users
    return facts_of(bundle.world, None if query.user_id is None else known.find(query.user_id))


@dataclass(frozen=True, slots=True)
class _Remembered:
    """Proposes the items of an earlier answer."""

    items: Index
    name: str = CACHED

    def propose(self, query: Query) -> Proposal:
        return Proposal(self.items, np.linspace(1, 0.5, len(self.items), dtype=np.float32))
