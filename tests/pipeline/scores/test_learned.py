from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from slatewright.core.errors import BadInput, BadKnob, NotThere
from slatewright.explain import why
from slatewright.features import Count, HistoryCount
from slatewright.models.rankers import LambdaRank
from slatewright.models.rankers.calibrating import Calibration, Steps
from slatewright.pipeline import (
    BlendScore,
    Candidates,
    LearnedScore,
    Lessons,
    ModelSays,
    Objective,
    Pipeline,
    Query,
    Request,
    SourceRank,
    World,
)
from slatewright.pipeline.contracts import PartedScore, Score
from slatewright.pipeline.learning import learn
from slatewright.pipeline.scores.learned import BoundLearned, Untaught
from slatewright.testing.stages import StageKit
from slatewright.testing.town import town, town_pipeline, town_recipe
from tests.pipeline.teaching.worlds import pipeline, recipe, score, shop, two_aims

IN_TOWN = LearnedScore(
    features=(ModelSays("taste"), SourceRank(), Count(half_life_days=7), HistoryCount(by="category")),
    ranker=LambdaRank(n_trees=5, n_leaves=4, min_rows=5),
    lessons=Lessons(least_questions=20, n_negatives=20),
)


@cache
def taught_town() -> World:
    return learn(town_recipe(score=IN_TOWN), town())


@dataclass(frozen=True)
class Taught:
    """The score of the town, with what it was taught there; in another world it was taught nothing."""

    def bind(self, world: World) -> Score:
        return IN_TOWN.bind(taught_town() if world is town_pipeline().world else world)


class TestTaught(StageKit):
    stage = Taught()


class TestUntaught(StageKit):
    stage = IN_TOWN


class TestUntaughtWithAnotherScore(StageKit):
    stage = LearnedScore(otherwise=BlendScore({"taste": 1.0, "popular": 0.2}))


def asked(learned: Pipeline, user: int = 3) -> tuple[BoundLearned, Query, Candidates]:
    query = learned.query(Request(5, shop().as_of, shop().users.name(user)))
    trace = learned.answer(query).trace
    bound = learned.stages.score
    assert isinstance(bound, BoundLearned)
    return bound, query, trace.pool.take(trace.dropped_by == 0)


def test_marks_are_chances_and_parts_sum_to_them() -> None:
    bound, query, candidates = asked(pipeline())
    assert isinstance(bound, PartedScore)
    marks = bound.mark(query, candidates)
    assert ((marks > 0) & (marks < 1)).all()
    np.testing.assert_allclose(bound.chances(query, candidates)["anything"], marks, rtol=1e-6)
    parts = bound.parts(query, candidates)
    np.testing.assert_allclose(sum(parts.values()), marks, atol=1e-6)
    assert {"together", "sources", "view_count_7d", "base"} <= set(parts)
    assert len(set(parts["base"].tolist())) == 1


def test_several_objectives_add_up_by_what_they_are_worth() -> None:
    learned = Pipeline.fit(recipe(two_aims()), shop())
    bound, query, candidates = asked(learned)
    chances = bound.chances(query, candidates)
    price = shop().item_facts["price"].to_numpy()[candidates.items]
    expected = 0.1 * chances["view"] + chances["purchase"] * price
    np.testing.assert_allclose(bound.mark(query, candidates), expected, rtol=1e-5)
    np.testing.assert_allclose(sum(bound.parts(query, candidates).values()), expected, rtol=1e-4)


@pytest.mark.parametrize(("by", "kind"), [("platt", Calibration), ("isotonic", Steps)])
def test_chances_come_about_as_often_as_they_say(by: str, kind: type) -> None:
    learned = Pipeline.fit(recipe(score(lessons=replace(score().lessons, n_questions=1500, calibrated_by=by))), shop())
    taught = learned.world.taught
    assert taught is not None
    assert isinstance(taught.chances["anything"].calibration, kind)
    bound, query, candidates = asked(learned)
    expected = float(bound.chances(query, candidates)["anything"].sum())  # items of the pool that a visit takes
    assert 0.2 < expected < 6


def test_why_names_the_parts_and_what_speaks_for_an_item() -> None:
    learned = pipeline()
    query = learned.query(Request(5, shop().as_of, shop().users.name(3)))
    said = " ".join(why(learned, query, learned.answer(query).item_ids[0]).sentences)
    assert "base +" in said
    assert "sources" in said


def test_untaught_it_marks_as_the_sources_or_another_score_do() -> None:
    world = town_pipeline().world
    bound = LearnedScore().bind(world)
    assert isinstance(bound, Untaught)
    query, other = town_pipeline().query(Request(5, world.as_of, "u000")), BlendScore({"taste": 1.0})
    items = np.arange(5, dtype=np.int32)
    pool = Candidates(items, np.linspace(1, 0, 5, dtype=np.float32), items)
    np.testing.assert_array_equal(bound.mark(query, pool), pool.scores)
    instead = LearnedScore(otherwise=other).bind(world)
    np.testing.assert_array_equal(instead.mark(query, pool), other.bind(world).mark(query, pool))


def test_other_features_than_it_was_taught_are_refused() -> None:
    with pytest.raises(BadInput, match="train again"):
        score(features=(ModelSays("together"),)).bind(replace(pipeline().world, features=None))


def test_without_counts_it_says_what_to_do() -> None:
    bound, query, candidates = asked(pipeline())
    lost = replace(bound, reader=replace(bound.reader, world=replace(bound.reader.world, counts=None)))
    with pytest.raises(BadInput, match="nothing was counted"):
        lost.mark(query, candidates)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"features": ()}, "must have features"), ({"features": (3,)}, "columns or features"), ({"ranker": 3}, "Ranker")],
)
def test_nonsense_is_refused_at_the_door(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        score(**wrong)


def test_a_name_that_the_recipe_does_not_have_is_refused_before_any_fit() -> None:
    with pytest.raises(NotThere, match="togehter"):
        recipe(score(features=(ModelSays("togehter"),)))
    with pytest.raises(NotThere, match="taste"):
        recipe(score(otherwise=BlendScore({"taste": 1.0})))
    with pytest.raises(BadInput, match="margin"):
        Pipeline.fit(recipe(score(objectives=(Objective(worth="margin"),))), shop())
