"""A small simulated shop, its first half as a world, and a recipe whose score learns: taught in a second."""

from dataclasses import replace
from functools import cache
from typing import Any

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.features import Count, HistoryCount, Newness, Price, SessionCount, Together
from slatewright.models import ItemKNN, Popularity
from slatewright.models.rankers import LambdaRank
from slatewright.pipeline import ModelSource, Pipeline, PopularSource, Recipe
from slatewright.pipeline.learning import learn
from slatewright.pipeline.scores import LearnedScore, Lessons, ModelSays, Objective, SourceRank
from slatewright.pipeline.stage_knobs import SourceKnobs
from slatewright.pipeline.stages import bind_stages
from slatewright.pipeline.teaching.besides import Besides, arriving, earlier
from slatewright.pipeline.teaching.teach import Past, since_of
from slatewright.simulate import Simulation, simulate

FEATURES = (
    ModelSays("together"),
    SourceRank(),
    Count("view", 7),
    Count("purchase"),
    Newness(),
    HistoryCount("view", 7, "category"),
    SessionCount("view"),
    Together(kind="purchase"),
    Price(),
)
LESSONS = Lessons(n_questions=150, n_negatives=20, least_questions=20, teaching_share=0.3)


@cache
def shop() -> Dataset:
    """150 people, 60 items, 40 days: some two thousand events."""
    made = simulate(Simulation(users=150, items=60, days=40))
    return dataset_of(made.events, item_facts=made.items, user_facts=made.users)


def score(**changed: Any) -> LearnedScore:
    """A score that learns in a moment, with some of its fields changed."""
    fields: dict[str, Any] = {
        "features": FEATURES,
        "ranker": LambdaRank(n_trees=10, n_leaves=7, min_rows=20),
        "lessons": LESSONS,
    }
    return LearnedScore(**(fields | changed))


def recipe(learned: LearnedScore | None = None) -> Recipe:
    """Two models, two sources, one score."""
    return Recipe(
        estimators={"together": ItemKNN(n_neighbors=20), "popular": Popularity()},
        sources=(ModelSource("together", limit=30), PopularSource(limit=20)),
        score=learned or score(),
    )


@cache
def pipeline() -> Pipeline:
    """The recipe, taught."""
    return Pipeline.fit(recipe(), shop())


@cache
def two_aims() -> LearnedScore:
    """Views and what purchases earn."""
    return score(objectives=(Objective(("view",), 0.1), Objective(("purchase",), 1.0, "price")))


def past(dataset: Dataset | None = None, since: int | None = None, sources: tuple[SourceKnobs, ...] = ()) -> Past:
    """The world before the questions, of a data set that may hold more than the shop's."""
    dataset = dataset or shop()
    instant = since or since_of(dataset, LESSONS.teaching_share) or 0
    early = earlier(dataset, instant, Besides())
    plain = Recipe(recipe().estimators, sources or recipe().sources)
    world = learn(plain, early)
    world = replace(world, catalogue=arriving(world.catalogue, early, dataset))
    return Past(world, bind_stages(plain, world), dataset, dataset.interactions)
