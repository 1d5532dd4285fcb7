"""Sources under a deadline: what has to wait waits for an event, not for the clock."""

import threading
import time
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest

from slatewright.pipeline import Pipeline, PopularSource, Proposal, Query, Request, World, asking
from slatewright.pipeline.apart import MOST
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe

SOON = 0.02  # seconds


@dataclass(frozen=True)
class Remote:
    """A source elsewhere, which answers when it is let."""

    let: threading.Event
    name: str = "remote"

    def bind(self, world: World) -> "Remote":
        return self

    def propose(self, query: Query) -> Proposal:
        self.let.wait()
        return Proposal(np.array([4], dtype=np.int32), np.ones(1, dtype=np.float32))


@dataclass(frozen=True)
class Here(Remote):
    """The same in memory."""

    in_memory: ClassVar[bool] = True


def pipeline(*sources: Any) -> Pipeline:
    return Pipeline(town_recipe(sources=(*sources, PopularSource(half_life_days=None))), town_pipeline().world)


def query(of: Pipeline, seconds: float = SOON) -> Query:
    return replace(of.query(Request(3, AS_OF, "u001")), deadline=time.monotonic() + seconds)


def test_a_source_that_hangs_is_left_behind_and_the_others_stand() -> None:
    let = threading.Event()
    shop = pipeline(Remote(let))
    slate = shop.answer(query(shop))
    assert len(slate.items) == 3
    assert [(note.stage, note.name, note.problem) for note in slate.trace.notes] == [
        ("source", "remote", "it was not done by the deadline")
    ]
    assert {placed.source for placed in slate.items} == {"popular"}
    let.set()


def test_one_that_keeps_hanging_is_asked_no_more_and_is_asked_again_when_it_is_back() -> None:
    let = threading.Event()
    shop = pipeline(Remote(let))
    problems = [shop.answer(query(shop, 0.0)).trace.notes[0].problem for _ in range(MOST + 1)]
    assert problems == ["it was not done by the deadline"] * MOST + [f"{MOST} earlier calls have not come back"]
    let.set()
    while shop.answer(query(shop, 5.0)).trace.notes:  # until the earlier calls are through
        time.sleep(0)
    assert shop.answer(query(shop, 5.0)).trace.proposals[0].items.tolist() == [4]


def test_one_that_breaks_elsewhere_is_noted_as_one_that_breaks_here() -> None:
    @dataclass(frozen=True)
    class Broken(Remote):
        def propose(self, query: Query) -> Proposal:
            raise ValueError("no such table")

    shop = pipeline(Broken(threading.Event()))
    assert shop.answer(query(shop, 5.0)).trace.notes[0].problem == "ValueError: no such table"


def test_those_that_wait_are_asked_at_once() -> None:
    both, shop = threading.Barrier(2, timeout=5), None

    @dataclass(frozen=True)
    class Meets(Remote):
        def propose(self, query: Query) -> Proposal:
            both.wait()  # passes only when the other one is being asked, too
            return super().propose(query)

    let = threading.Event()
    let.set()
    shop = pipeline(Meets(let, "one"), Meets(let, "two"))
    assert shop.answer(query(shop, 5.0)).trace.notes == ()


def test_without_a_deadline_everybody_is_waited_for_on_this_thread() -> None:
    let = threading.Event()
    let.set()
    shop = pipeline(Remote(let))
    assert shop.ask(Request(3, AS_OF, "u001")).trace.proposals[0].items.tolist() == [4]


def test_nothing_is_begun_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([1.0, 3.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    let = threading.Event()
    let.set()
    sources = (Here(let, "first"), Here(let, "second"))
    first, second = asking.answers(sources, replace(town_pipeline().query(Request(3, AS_OF)), deadline=2.0))
    assert isinstance(first, Proposal)
    assert str(second) == "its turn came after the deadline"
