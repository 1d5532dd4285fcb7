"""From a data set to a world: fit every estimator of a recipe."""

from collections.abc import Callable
from typing import TypeAlias

from slatewright.core.errors import BadInput
from slatewright.core.memory import free_bytes
from slatewright.data.catalogue import Catalogue
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Size
from slatewright.models.model import Known
from slatewright.pipeline.fact_popularity import FactPopularity
from slatewright.pipeline.item_facts import ItemFacts
from slatewright.pipeline.planning import check_room
from slatewright.pipeline.policy.binding import check_rules
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.world import World

Progress: TypeAlias = Callable[[str, int, int], None]  # what is being done, steps done, steps in all


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def learn(recipe: Recipe, dataset: Dataset, *, progress: Progress = silent) -> World:
    """Fit the estimators and gather what the stages look at.

    Raises:
        BadInput: the data set has no items, so that there is nothing to recommend.
        BadRule: a rule of the recipe names what nobody knows; no fit was started.
        NoRoom: an estimator needs more memory than there is; no fit was started.
    """
    if dataset.n_items == 0:
        raise BadInput(
            "there is nothing to learn from: the log holds no items before this instant; import events first"
        )
    if recipe.rules:
        check_rules(recipe.rules, ItemFacts(Catalogue.of(dataset)), dataset.user_facts)
    check_room(recipe.estimators, Size.of(dataset), free=free_bytes())
    models = {}
    for done, (name, estimator) in enumerate(recipe.estimators.items()):
        progress(f"fit {name}", done, len(recipe.estimators))
        models[name] = estimator.fit(dataset)
    progress("fit", len(recipe.estimators), len(recipe.estimators))
    return World(
        Catalogue.of(dataset),
        Known(dataset.users, dataset.items, dataset.histories()),
        models,
        FactPopularity.of(dataset),
        dataset.user_facts,
        dataset.as_of,
    )
