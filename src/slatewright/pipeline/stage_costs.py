"""What the stages of a recipe cost in training besides its estimators: indexes of nearest items, and lessons."""

from collections.abc import Iterator, Sequence

import numba

from slatewright.models.costs import GATHERS, Cost, Size
from slatewright.models.nearest import index_cost
from slatewright.models.speeds import Speeds
from slatewright.pipeline.batch import BLOCK_SCORES
from slatewright.pipeline.indexing import nearest_sources
from slatewright.pipeline.planning import Planned, engine_left, kept_bytes, plan_fits, plan_lessons, step_of
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.scores.learned import LearnedScore
from slatewright.pipeline.scores.objectives import distinct

USUAL_DIM = 64  # numbers of a vector, where an estimator has no such knob
# Steps of one thread, each as long as a read out of order; measured with two models on 2,000 and 30,000 items.
PER_QUESTION, PER_SCORE, PER_CELL, PER_EVENT = 2e5, 14.0, 2.4, 150.0
COPIES = 4  # of the table of rows and columns while a ranker learns
BYTES_PER_EVENT = 60.0  # of an event while it is put in the order of time


def with_stages(steps: Sequence[Planned], recipe: Recipe, size: Size, *, speeds: Speeds, free: float) -> list[Planned]:
    """The steps of a training, the reading and the fits, with what the stages of the recipe add to them."""
    left = engine_left(recipe.estimators.values())
    base = kept_bytes(size) + left
    indexes = [
        step_of(name, "index of the nearest", cost, base, speeds, free) for name, cost in index_costs(recipe, size)
    ]
    fits = [*steps[1:], *indexes]
    if not isinstance(recipe.score, LearnedScore):
        return [steps[0], *fits]
    cost = lessons_cost(recipe, recipe.score, size)
    lessons = step_of("", "teach the score", cost, base, speeds, free)
    again = plan_fits(recipe.estimators, size, speeds=speeds, free=free, left=left)
    return [steps[0], *plan_lessons(fits, recipe.score.lessons.teaching_share, lessons), *again, *indexes]


def index_costs(recipe: Recipe, size: Size) -> Iterator[tuple[str, Cost]]:
    """The name of each index that the sources of a recipe need, and what it costs to build and to try."""
    found = {source.index_name: source for source in nearest_sources(recipe) if size.n_items > source.exact_below}
    for name, source in found.items():
        dim = int(getattr(recipe.estimators.get(source.model), "embedding_dim", USUAL_DIM))
        yield name, index_cost(size.n_items, dim, source.precision)


def lessons_cost(recipe: Recipe, score: LearnedScore, size: Size) -> Cost:
    """What it costs to ask the questions and to learn from them, once the estimators are fitted.

    As many questions as may be drawn, of visits alone: a shop that logs its slates asks up to as many again.
    """
    lessons, n_models = score.lessons, len(recipe.estimators)
    questions = min(lessons.n_questions, score.lessons.teaching_share * size.n_events)
    rows = questions * (lessons.n_negatives + 2)
    cells = rows * (len(score.features) + len(recipe.sources) + n_models)
    trees = getattr(score.ranker, "n_trees", 1) * len(distinct(score.objectives))
    counted = size.n_events if score.counted else 0
    steps = questions * (PER_QUESTION + PER_SCORE * n_models * size.n_items) + PER_CELL * cells * trees
    scores = n_models * min(BLOCK_SCORES, questions * size.n_items)
    memory = 4 * (COPIES * cells + scores) + BYTES_PER_EVENT * counted
    return Cost(memory, {GATHERS: (steps + 2 * PER_EVENT * counted) * numba.get_num_threads()})
