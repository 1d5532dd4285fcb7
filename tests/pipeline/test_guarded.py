"""The failure table: whatever a stage does, the slate comes out and the trace says what broke."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from slatewright.pipeline import Candidates, Pipeline, PopularSource, Proposal, Query, Request, Slate, World
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe


@dataclass(frozen=True)
class Says:
    """A stage that says whatever it is told to, or raises it."""

    word: Any
    name: str = "mine"

    def bind(self, world: World) -> "Says":
        return self

    def _say(self) -> Any:
        if isinstance(self.word, Exception):
            raise self.word
        return self.word

    def propose(self, query: Query) -> Any:
        return self._say()

    def keep(self, query: Query, items: Any) -> Any:
        return self._say()

    def mark(self, query: Query, candidates: Candidates) -> Any:
        return self._say()

    def arrange(self, query: Query, candidates: Candidates) -> Any:
        return self._say()


def ask(**stages: Any) -> Slate:
    return Pipeline(town_recipe(**stages), town_pipeline().world).ask(Request(5, AS_OF, "u000"))


def offer(items: Any, scores: Any) -> Proposal:
    return Proposal(np.asarray(items), np.asarray(scores))


BAD_PROPOSALS = {
    "raises": (ValueError("no such table"), "ValueError: no such table"),
    "an item that does not exist": (offer([25], [1.0]), "from 0 to 24, got 25 to 25"),
    "a negative item": (offer([-1], [1.0]), "from 0 to 24, got -1"),
    "no whole numbers": (offer([1.5], [1.0]), "whole numbers"),
    "an item twice": (offer([3, 4, 3], [1.0, 1.0, 1.0]), "proposed twice"),
    "a score that is no number": (offer([3], [np.nan]), "finite"),
    "an infinite score": (offer([3], [np.inf]), "finite"),
    "too few scores": (offer([3, 4], [1.0]), "one length"),
    "a table": (offer([[3, 4]], [[1.0, 2.0]]), "one length"),
    "nothing": (None, "AttributeError"),
}


@pytest.mark.parametrize(("word", "problem"), BAD_PROPOSALS.values(), ids=BAD_PROPOSALS)
def test_a_broken_source_is_skipped(word: Any, problem: str) -> None:
    slate = ask(sources=(Says(word), *town_recipe().sources))
    whole = ask()
    assert slate.item_ids == whole.item_ids
    assert slate.fallback is None
    assert [(note.stage, note.name) for note in slate.trace.notes] == [("source", "mine")]
    assert problem in slate.trace.notes[0].problem


def test_without_any_source_popular_items_come_and_the_score_still_marks_them() -> None:
    slate = ask(sources=(Says(ValueError("gone")),))
    assert slate.fallback == "filled"
    assert {placed.source for placed in slate.items} == {"popular"}
    assert slate.item_ids == ask(sources=()).item_ids
    assert len(slate.items) == 5
    assert all(int(name[1:]) % 2 == 0 for name in slate.item_ids)


def test_newcomers_survive_a_broken_source() -> None:
    recipe = town_recipe(newcomers=(Says(ValueError("gone")),))
    slate = Pipeline(recipe, town_pipeline().world).ask(Request(5, AS_OF))
    assert slate.fallback == "newcomer"
    assert len(slate.items) == 5


BAD_MASKS = {
    "raises": KeyError("price"),
    "too short": np.ones(2, dtype=np.bool_),
    "numbers": np.ones(25, dtype=np.int64),
    "one word for all": True,
    "nothing": None,
}


@pytest.mark.parametrize("word", BAD_MASKS.values(), ids=BAD_MASKS)
def test_a_broken_filter_fails_closed(word: Any) -> None:
    slate = ask(filters=(*town_recipe().filters, Says(word)))
    assert slate.items == ()
    assert slate.fallback == "closed"
    assert slate.trace.notes[0].stage == "filter"


BAD_MARKS = {
    "raises": RuntimeError("no model"),
    "too short": np.ones(1, dtype=np.float32),
    "no numbers": np.full(19, np.nan, dtype=np.float32),
    "words": "high",
    "nothing": None,
}


@pytest.mark.parametrize("word", BAD_MARKS.values(), ids=BAD_MARKS)
def test_a_broken_score_leaves_the_marks_of_the_sources(word: Any) -> None:
    slate = ask(score=Says(word))
    assert slate.item_ids == ask(score=None).item_ids
    assert [note.stage for note in slate.trace.notes] == ["score"]


BAD_POSITIONS = {
    "raises": RuntimeError("out of luck"),
    "beyond the end": np.array([99]),
    "negative": np.array([-1]),
    "twice": np.array([0, 0]),
    "no whole numbers": np.array([0.5]),
    "a table": np.array([[0, 1]]),
    "nothing": None,
}


@pytest.mark.parametrize("word", BAD_POSITIONS.values(), ids=BAD_POSITIONS)
def test_a_broken_order_becomes_plain_top_k(word: Any) -> None:
    slate = ask(orders=(Says(word),))
    assert slate.item_ids == ask(orders=()).item_ids
    assert [note.stage for note in slate.trace.notes] == ["order"]


def test_an_order_that_leaves_items_out_is_topped_up() -> None:
    plain = ask(orders=())
    assert ask(orders=(Says(np.array([1])),)).item_ids == (plain.item_ids[1], plain.item_ids[0], *plain.item_ids[2:])
    assert ask(orders=(Says(np.array([], dtype=np.int64)),)).item_ids == plain.item_ids


def test_a_score_that_says_the_same_of_all_leaves_the_order_of_the_sources() -> None:
    sources = (PopularSource(half_life_days=None),)
    same = Says(np.ones(19, dtype=np.float32))
    assert ask(score=same, sources=sources).item_ids == ask(score=None, sources=sources).item_ids
