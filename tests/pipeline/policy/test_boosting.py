from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.pipeline import BlendScore, Pipeline, World
from slatewright.pipeline.contracts import Candidates, Query, Score
from slatewright.pipeline.policy import Boost, BoostScore, Bury, Rule
from slatewright.pipeline.policy.boosting import Boosted
from slatewright.pipeline.request import Request
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe
from tests.pipeline.policy.worlds import ITEMS, asked, small_world

MARKS = np.array([6, 5, 4, 3, 2, 1], dtype=np.float32)
STEP = float(MARKS.std())


class TestBoostScore(StageKit):
    stage = BoostScore((Boost('contains(id, "1")', by=2), Bury('id in ["i001", "i002"]'), Boost("user.is_newcomer")))


def marked(*rules: Rule) -> list[float]:
    world = small_world()
    items = world.catalogue.items.locate(ITEMS["item_id"])[0]
    pool = Candidates(items, MARKS, np.zeros(6, dtype=np.int32))
    score = BoostScore(rules).bind(world)
    marks, parts = score.mark(asked(), pool), score.parts(asked(), pool)
    np.testing.assert_allclose(sum(parts.values()), marks, rtol=1e-6)
    found: list[float] = marks.tolist()
    return found


def test_a_boost_adds_standard_deviations() -> None:
    np.testing.assert_allclose(
        marked(Boost("price > 30", by=2)), MARKS + np.array([0, 0, 0, 2, 0, 2]) * STEP, rtol=1e-6
    )
    both = marked(Boost("price > 30", by=2), Boost("price > user.budget", by=-1))
    np.testing.assert_allclose(both, MARKS + np.array([0, 0, 0, 1, 0, 1]) * STEP, rtol=1e-6)


def test_what_is_buried_keeps_its_order_below_all_others_however_boosted() -> None:
    marks = marked(Bury("price < 30"), Boost("id == 'i0'", by=50))
    assert np.argsort(-np.array(marks)).tolist() == [2, 3, 5, 0, 1, 4]


def test_what_says_nothing_here_moves_nothing() -> None:
    assert marked() == MARKS.tolist()
    assert marked(Boost("price > 30", when='request.surface == "cart"'), Bury("false"), Bury("true")) == MARKS.tolist()


def test_equal_marks_are_moved_too() -> None:
    world, items = small_world(), np.arange(6, dtype=np.int32)
    pool = Candidates(items, np.ones(6, dtype=np.float32), items)
    marks = BoostScore((Boost("id == 'i0'"),)).bind(world).mark(asked(), pool)
    assert sorted(marks.tolist()) == [1, 1, 1, 1, 1, 2]


def test_the_parts_of_a_boosted_score_add_up_to_its_marks() -> None:
    pipeline = town_pipeline()
    query = pipeline.query(Request(5, AS_OF, "u000"))
    items = np.arange(25, dtype=np.int32)
    pool = Candidates(items, np.ones(25, dtype=np.float32), items)
    boosts = BoostScore((Boost('category == "tea"', name="spring"), Bury('id == "i003"'))).bind(pipeline.world)
    score = Boosted(BlendScore({"taste": 1.0, "popular": 0.2}).bind(pipeline.world), boosts)
    parts = score.parts(query, pool)
    assert list(parts) == ["taste", "popular", "spring", 'bury id == "i003"']
    np.testing.assert_allclose(sum(parts.values()), score.mark(query, pool), atol=1e-5)


@dataclass(frozen=True)
class _Bare:
    name: str = "bare"

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        return -candidates.scores


def test_a_score_without_parts_is_one_part() -> None:
    world = small_world()
    pool = Candidates(np.arange(6, dtype=np.int32), MARKS, np.zeros(6, dtype=np.int32))
    score = Boosted(_Bare(), BoostScore((Boost("true"),)).bind(world))
    assert score.name == "bare"
    parts = score.parts(asked(), pool)
    np.testing.assert_allclose(parts["bare"], -MARKS)
    np.testing.assert_allclose(sum(parts.values()), score.mark(asked(), pool), rtol=1e-6)


def test_where_a_score_says_the_same_of_all_the_sources_marks_are_moved() -> None:
    pool = Candidates(np.arange(6, dtype=np.int32), MARKS, np.zeros(6, dtype=np.int32))
    boosts = BoostScore((Boost("price > 30", by=2),)).bind(small_world())
    score, level = Boosted(_Level(), boosts), np.zeros(6, dtype=np.float32)
    marks = score.mark(asked(), pool)
    np.testing.assert_array_equal(marks, boosts.mark(asked(), pool))
    assert list(score.parts(asked(), pool)) == ["sources", "boost price > 30"]
    np.testing.assert_allclose(sum(score.parts(asked(), pool).values(), level), marks, rtol=1e-6)


def test_rules_hold_where_the_score_is_broken() -> None:
    rules = (Bury('id in ["i000", "i002"]'),)
    pipeline = Pipeline(town_recipe(score=_Knobs(_Broken())), town_pipeline().world)
    before, after = pipeline.ask(Request(25, AS_OF, "u000")), pipeline.ruled(rules).ask(Request(25, AS_OF, "u000"))
    buried = [item_id for item_id in before.item_ids if item_id in ("i000", "i002")]
    others = [item_id for item_id in before.item_ids if item_id not in buried]
    assert buried
    assert list(after.item_ids) == others + buried
    assert [note.stage for note in after.trace.notes] == ["score"]


@dataclass(frozen=True)
class _Level:
    name: str = "level"

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        return np.full(len(candidates.items), 7, dtype=np.float32)


@dataclass(frozen=True)
class _Broken:
    name: str = "broken"

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        raise ValueError("no marks today")


@dataclass(frozen=True)
class _Knobs:
    score: Score

    def bind(self, world: World) -> Score:
        return self.score
