"""From a data set to a world: fit every estimator of a recipe."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from slatewright.core.errors import BadInput
from slatewright.core.memory import free_bytes
from slatewright.data.catalogue import Catalogue
from slatewright.data.dataset import Dataset
from slatewright.data.showings import SHOWN_SINCE
from slatewright.data.slates import showings
from slatewright.models.costs import Size
from slatewright.models.model import Estimator, Known, Model
from slatewright.models.neural.engine.choosing import engine_runs
from slatewright.pipeline.fact_popularity import FactPopularity
from slatewright.pipeline.indexing import indexed
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.planning import check_room
from slatewright.pipeline.policy.binding import check_rules
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.scores.learned import LearnedScore
from slatewright.pipeline.stages import bind_stages
from slatewright.pipeline.taught import Taught
from slatewright.pipeline.teaching.besides import Besides, arriving, earlier
from slatewright.pipeline.teaching.counting import counted, happened
from slatewright.pipeline.teaching.teach import Past, since_of, teach
from slatewright.pipeline.world import World

Progress: TypeAlias = Callable[[str, int, int], None]  # what is being done, steps done, steps in all
Fit: TypeAlias = Callable[[str, Estimator, Dataset], Model]  # of the estimator of this name


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def fit_anew(name: str, estimator: Estimator, dataset: Dataset) -> Model:
    """From the data set alone."""
    return estimator.fit(dataset)


def learn(recipe: Recipe, dataset: Dataset, *, besides: Besides | None = None, progress: Progress = silent) -> World:
    """Fit the estimators and gather what the stages look at; a learned score is taught first.

    To teach it, the estimators are fitted to the earlier part of the events, and once more to all of them.
    ``besides`` is what the log knows of slates and facts.

    Raises:
        BadInput: the data set has no items, so that there is nothing to recommend.
        BadRule: a rule of the recipe names what nobody knows; no fit was started.
        NoRoom: an estimator needs more memory than there is; no fit was started.
    """
    check_learnable(recipe, dataset)
    besides, n, total = besides or Besides(), len(recipe.estimators), rounds(recipe)
    if not isinstance(recipe.score, LearnedScore):
        return with_shown(indexed(recipe, fitted(recipe, dataset, progress)), besides)
    taught = _taught(recipe, recipe.score, dataset, besides, lambda step, done, _: progress(step, done, total))
    world = fitted(recipe, dataset, lambda step, done, _: progress(step, n + 1 + done, total))
    world = with_shown(replace(indexed(recipe, world), taught=taught), besides)
    return counted(recipe.score, world, dataset, besides.shown)


def check_learnable(recipe: Recipe, dataset: Dataset) -> None:
    """Let pass what can be learned here, before any fit starts.

    Raises:
        BadInput: the data set has no items.
        BadRule: a rule of the recipe names what nobody knows.
        NoRoom: an estimator needs more memory than there is.
    """
    if dataset.n_items == 0:
        raise BadInput(
            "there is nothing to learn from: the log holds no items before this instant; import events first"
        )
    if recipe.rules:
        check_rules(recipe.rules, ItemFacts(Catalogue.of(dataset)), dataset.user_facts)
    check_room(recipe.estimators, Size.of(dataset), free=free_bytes(), running=engine_runs())


def rounds(recipe: Recipe) -> int:
    """How many fits and lessons learning takes."""
    n = len(recipe.estimators)
    return 2 * n + 1 if isinstance(recipe.score, LearnedScore) else n


def _taught(
    recipe: Recipe, score: LearnedScore, dataset: Dataset, besides: Besides, progress: Progress
) -> Taught | None:
    """What the learned score of a recipe learns from the latest events, judged by models of the earlier ones."""
    since = since_of(dataset, score.lessons.teaching_share)
    if since is None:
        return None
    early, n = earlier(dataset, since, besides), len(recipe.estimators)
    world = fitted(recipe, early, lambda step, done, _: progress(f"{step} to the earlier part", done, n))
    progress("teach the score", n, n)
    world = replace(world, catalogue=arriving(world.catalogue, early, dataset))
    world = counted(score, indexed(recipe, world), early, besides.shown)
    past = Past(world, bind_stages(recipe, world), dataset, happened(world.features, dataset, besides.shown))
    return teach(score, past, besides.shown)


def with_shown(world: World, besides: Besides) -> World:
    """The world with what its users were shown lately."""
    if besides.shown is None:
        return world
    known = world.known
    shown = showings(besides.shown.slates, known.users, known.items, world.as_of - SHOWN_SINCE, world.as_of)
    return replace(world, known=replace(known, histories=replace(known.histories, shown=shown)))


def fitted(recipe: Recipe, dataset: Dataset, progress: Progress, fit: Fit = fit_anew) -> World:
    """The world of a data set with the models of a recipe; without indexes, and nothing is taught."""
    models = {}
    for done, (name, estimator) in enumerate(recipe.estimators.items()):
        progress(f"fit {name}", done, len(recipe.estimators))
        models[name] = fit(name, estimator, dataset)
    progress("fit", len(recipe.estimators), len(recipe.estimators))
    return World(
        Catalogue.of(dataset),
        Known(dataset.users, dataset.items, dataset.histories()),
        models,
        FactPopularity.of(dataset),
        dataset.user_facts,
        dataset.as_of,
    )
