"""Indexes and lessons are foreseen: what they cost grows with what they are made of."""

from dataclasses import replace

import pytest

from slatewright.models import ALS, Popularity, SASRec
from slatewright.models.costs import GATHERS, WORK_KINDS, Size
from slatewright.models.nearest import index_cost
from slatewright.models.rankers import LambdaRank, LinearRanker
from slatewright.pipeline import ModelSource, NearestSource, Recipe
from slatewright.pipeline.planning import STARTED, plan
from slatewright.pipeline.scores import LearnedScore, Lessons
from slatewright.pipeline.stage_costs import index_costs, lessons_cost, with_stages

SMALL, LARGE = (Size.guess(n_users=1000, n_items=n, n_events=100_000) for n in (20_000, 1_000_000))
SOURCES = (
    NearestSource("taste"),
    NearestSource("taste"),
    NearestSource("taste", precision="f16"),
    ModelSource("taste"),
)
RECIPE = Recipe({"taste": ALS(embedding_dim=32), "popular": Popularity()}, sources=SOURCES, score=LearnedScore())
SPEEDS = dict.fromkeys(WORK_KINDS, 1e9)


def test_an_index_is_planned_once_where_a_catalogue_needs_one() -> None:
    assert list(index_costs(RECIPE, SMALL)) == []
    found = dict(index_costs(RECIPE, LARGE))
    assert list(found) == ["taste/int8-300", "taste/f16-300"]
    assert found["taste/int8-300"] == index_cost(1_000_000, 32, "int8")
    assert found["taste/int8-300"].memory < found["taste/f16-300"].memory
    longer = index_cost(1_000_000, 256, "int8")
    assert longer.work[GATHERS] > found["taste/int8-300"].work[GATHERS]


@pytest.mark.parametrize(
    "less",
    [
        LearnedScore(lessons=Lessons(n_questions=800)),
        LearnedScore(lessons=Lessons(n_negatives=10)),
        LearnedScore(ranker=LambdaRank(n_trees=10)),
        LearnedScore(ranker=LinearRanker()),
    ],
)
def test_smaller_lessons_take_less(less: LearnedScore) -> None:
    usual = lessons_cost(RECIPE, LearnedScore(), SMALL)
    cost = lessons_cost(RECIPE, less, SMALL)
    assert cost.work[GATHERS] < usual.work[GATHERS]
    assert cost.memory <= usual.memory
    assert usual.work[GATHERS] < lessons_cost(RECIPE, LearnedScore(), LARGE).work[GATHERS]


def test_the_steps_of_a_training_in_their_order() -> None:
    steps = with_stages(
        plan(RECIPE.estimators, LARGE, speeds=SPEEDS, free=1e12), RECIPE, LARGE, speeds=SPEEDS, free=1e12
    )
    assert [step.name for step in steps] == [
        "",
        *(fits := [*RECIPE.estimators, *dict(index_costs(RECIPE, LARGE))]),
        "",
        *fits,
    ]
    assert steps[5].what == "teach the score"
    assert all(step.fits and step.seconds is not None for step in steps)
    plain = Recipe(RECIPE.estimators, sources=())
    fits_alone = plan(plain.estimators, LARGE, speeds=SPEEDS, free=1e12)
    assert with_stages(fits_alone, plain, LARGE, speeds=SPEEDS, free=1e12) == fits_alone


def test_what_an_engine_left_lies_beside_all_that_follows() -> None:
    both = replace(RECIPE, estimators={**RECIPE.estimators, "next": SASRec()})
    bare, told = (
        with_stages(plan(one.estimators, LARGE, speeds=SPEEDS, free=1e12), one, LARGE, speeds=SPEEDS, free=1e12)
        for one in (RECIPE, both)
    )
    others = [step for step in told if step.name != "next"]
    more = [(one.memory or 0) - (other.memory or 0) for one, other in zip(others, bare, strict=True)]
    assert more[:3] == [0, 0, 0], "before the engine starts"
    assert [*more[3:5], *more[6:]] == pytest.approx([STARTED] * 6), "indexes, and everything once more"
    assert more[5] >= STARTED, "the lessons, which have a model more"
