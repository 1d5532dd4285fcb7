"""The ladder: each step answers when those above it break or have no time, and every step is filtered."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pytest

from slatewright.core.arrays import Index, Mask, Scores
from slatewright.pipeline.contracts import Candidates, Proposal, Query
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.request import Request
from slatewright.pipeline.running import run
from slatewright.pipeline.slate import Outcome, Slate
from slatewright.pipeline.stages import Stages
from slatewright.serve.ladder import STEPS, Ladder
from slatewright.serve.live_bundle import LiveBundle
from slatewright.testing.town import AS_OF, town_pipeline

FORBIDDEN = 7


@dataclass(frozen=True)
class Staged(Pipeline):
    """A pipeline whose stages a test may exchange, and of which a step may break or take its time."""

    change: Callable[[Stages], Stages] = lambda stages: stages
    before: Callable[[Stages], None] = lambda stages: None

    @cached_property
    def stages(self) -> Stages:
        return self.change(town_pipeline().stages)

    def answer(self, query: Query, stages: Stages | None = None) -> Slate:
        self.before(stages or self.stages)
        return super().answer(query, stages)


class NotSeven:
    name = "not seven"

    def keep(self, query: Query, items: Index) -> Mask:
        return np.not_equal(items, FORBIDDEN)


class Backwards:
    name = "backwards"

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        return (-candidates.items).astype(np.float32)


class Broken:
    name = "broken"

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        raise RuntimeError("no marks today")


class Clock:
    """A clock that a step moves on; ahead of the real one, so that the sources are never too late."""

    def __init__(self) -> None:
        self.now = time.monotonic() + 10_000

    def __call__(self) -> float:
        return self.now


def bundle_of(
    change: Callable[[Stages], Stages] = lambda stages: stages,
    before: Callable[[Stages], None] = lambda stages: None,
) -> LiveBundle:
    town = town_pipeline()
    pipeline = Staged(
        town.recipe,
        replace(town.world, version="v1"),
        change=lambda stages: change(replace(stages, filters=(*stages.filters, NotSeven()), score=Backwards())),
        before=before,
    )
    return LiveBundle("v1", pipeline, lambda kind, value: 1.0)


def step_of(stages: Stages) -> str:
    if stages.score is not None:
        return "full"
    if not stages.sources:
        return "popular"
    if stages.sources[0].name == "cached":
        return "cached"
    return "segment" if stages.sources == stages.newcomers else "cheaper"


def climb(ladder: Ladder, bundle: LiveBundle, earlier: tuple[str, ...] = (), **wishes: Any) -> Slate:
    until = wishes.pop("until", None)
    query = bundle.pipeline.query(Request(5, AS_OF, wishes.pop("user", "u000"), **wishes))
    return ladder.climb(bundle, query, earlier, until)


def never(work: str) -> None:
    pytest.fail(f"{work} broke")


def test_the_whole_recipe_answers_where_nothing_is_wrong() -> None:
    bundle = bundle_of()
    query = bundle.pipeline.query(Request(5, AS_OF, "u000"))
    slate, direct = climb(Ladder(never), bundle, until=1e12), bundle.pipeline.answer(query)
    assert (slate.slate_id, slate.items, slate.fallback) == (direct.slate_id, direct.items, None)


@pytest.mark.parametrize("broken", range(1, len(STEPS)))
def test_a_step_answers_when_all_above_it_break(broken: int) -> None:
    failures: list[str] = []

    def breaking(stages: Stages) -> None:
        if step_of(stages) in STEPS[:broken]:
            raise RuntimeError("out of order")

    slate = climb(Ladder(failures.append), bundle_of(before=breaking), ("i003", "i007", "i009", "gone"))
    assert slate.fallback == STEPS[broken]
    assert failures == [f"slate {step}" for step in STEPS[:broken]]
    assert len(slate.items) == 5
    assert "i007" not in slate.item_ids


def test_when_even_the_last_step_breaks_the_caller_hears_of_it() -> None:
    def breaking(stages: Stages) -> None:
        raise RuntimeError("out of order")

    with pytest.raises(RuntimeError, match="out of order"):
        climb(Ladder(lambda work: None), bundle_of(before=breaking))


def test_an_earlier_answer_is_shown_in_its_order_as_far_as_it_may() -> None:
    def breaking(stages: Stages) -> None:
        if step_of(stages) in ("full", "cheaper"):
            raise RuntimeError("out of order")

    bundle = bundle_of(before=breaking)
    seen = bundle.world.catalogue.items.name(int(bundle.world.known.histories.items_of(0)[0]))
    unseen = [name for name in ("i022", "i001", "i013", "i004", "i011") if name != seen][:3]
    slate = climb(Ladder(lambda work: None), bundle, (unseen[0], seen, "i007", *unseen[1:]))
    kept = [name for name in slate.item_ids if name in unseen]
    assert kept == [name for name in unseen if name in kept]
    assert slate.item_ids[0] in unseen
    assert not {seen, "i007"} & set(slate.item_ids)


def test_a_score_that_breaks_is_a_step_down() -> None:
    def change(stages: Stages) -> Stages:
        return replace(stages, score=Broken())

    assert climb(Ladder(never), bundle_of(change)).fallback == "cheaper"


def test_what_rules_boost_is_boosted_on_a_cheaper_step_too() -> None:
    def change(stages: Stages) -> Stages:
        return replace(stages, for_newcomers=stages.score)

    def breaking(stages: Stages) -> None:
        if not failures:
            raise RuntimeError("out of order")

    failures: list[str] = []
    slate = climb(Ladder(failures.append), bundle_of(change, breaking))
    assert (failures, slate.fallback) == (["slate full"], "cheaper")
    assert list(slate.item_ids) == sorted(slate.item_ids)  # the lowest items are marked highest


def test_a_filter_that_breaks_still_closes() -> None:
    class Shut:
        name = "shut"

        def keep(self, query: Query, items: Index) -> Mask:
            raise RuntimeError("no rules today")

    def change(stages: Stages) -> Stages:
        return replace(stages, filters=(Shut(),))

    slate = climb(Ladder(never), bundle_of(change), ("i001",), until=-1.0)
    assert (slate.fallback, slate.items) == ("closed", ())


def test_without_time_the_steps_that_take_longer_are_left_out_and_tried_again_later() -> None:
    clock = Clock()
    takes = {"full": 2.0, "cheaper": 0.5}

    def spending(stages: Stages) -> None:
        clock.now += takes.get(step_of(stages), 0.0)

    ladder, bundle = Ladder(never, clock=clock), bundle_of(before=spending)
    for _ in range(60):
        climb(ladder, bundle)  # without a deadline: it learns what a step takes
    assert climb(ladder, bundle, until=clock.now + 5).fallback is None
    assert climb(ladder, bundle, until=clock.now + 1).fallback == "cheaper"
    takes["full"] = 0.1  # it has become fast; nobody has noticed yet
    steps = [climb(ladder, bundle, until=clock.now + 1).fallback for _ in range(80)]
    assert steps[0] == "cheaper"
    assert steps[-1] is None


def test_after_the_deadline_popular_items_are_still_shown() -> None:
    clock = Clock()
    assert climb(Ladder(never, clock=clock), bundle_of(), until=clock.now - 1).fallback == "popular"


def test_sources_are_told_by_when_they_must_be_done() -> None:
    told: list[float | None] = []

    class Asking:
        name = "asking"

        def propose(self, query: Query) -> Proposal:
            told.append(query.deadline)
            return Proposal(np.arange(5, dtype=np.int32), np.ones(5, dtype=np.float32))

    def change(stages: Stages) -> Stages:
        return replace(stages, sources=(Asking(),))

    clock = Clock()
    bundle, ladder = bundle_of(change), Ladder(never, clock=clock)
    climb(ladder, bundle)
    climb(ladder, bundle, until=clock.now + 10)
    assert told[0] is None
    assert told[1] is not None
    assert clock.now < told[1] < clock.now + 10


def test_newcomers_go_down_too() -> None:
    def breaking(stages: Stages) -> None:
        if step_of(stages) == "full":
            raise RuntimeError("out of order")

    slate = climb(Ladder(lambda work: None), bundle_of(before=breaking), user="nobody")
    assert slate.fallback == "segment"
    assert len(slate.items) == 5


def test_a_row_of_a_page_goes_down_as_far_as_its_title_allows() -> None:
    clock = Clock()
    ladder, bundle = Ladder(never, clock=clock), bundle_of()
    query = bundle.pipeline.query(Request(5, AS_OF, "u000"))

    def row(until: float | None, may_fill: bool) -> Outcome | None:
        return ladder.row(bundle, until, bundle.pipeline.stages, query, may_fill)

    whole, direct = row(None, False), run(bundle.pipeline.stages, query)
    assert whole is not None
    assert (whole.items.tolist(), whole.fallback) == (direct.items.tolist(), None)
    popular = row(clock.now - 1, True)
    assert popular is not None
    assert (len(popular.items), popular.fallback) == (5, "popular")
    assert FORBIDDEN not in popular.items
    assert row(clock.now - 1, False) is None
