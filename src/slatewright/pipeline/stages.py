"""A recipe's stages, bound to a world."""

from dataclasses import dataclass
from typing import Any

from slatewright.core.arrays import Index
from slatewright.core.errors import BadInput
from slatewright.pipeline.contracts import Filter, Order, Score, Source
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.sources.best import best
from slatewright.pipeline.world import World

FILL_HALF_LIFE_DAYS = 30.0


@dataclass(frozen=True)
class Stages:
    """Four stages ready to run; ``popular`` is the whole catalogue, most popular first.

    A short slate is filled from it, unless ``fills`` is False.
    """

    sources: tuple[Source, ...]
    newcomers: tuple[Source, ...]
    filters: tuple[Filter, ...]
    score: Score | None
    orders: tuple[Order, ...]
    popular: Index
    fills: bool = True


def bind_stages(recipe: Recipe, world: World) -> Stages:
    """Bind every stage of the recipe.

    Raises:
        BadInput: a stage of the recipe lacks the verb of its place.
        NotThere: a stage names an estimator that the recipe does not have.
    """
    return Stages(
        tuple(bound(source, world, "propose", "sources") for source in recipe.sources),
        tuple(bound(source, world, "propose", "newcomers") for source in recipe.newcomers),
        tuple(bound(one, world, "keep", "filters") for one in recipe.filters),
        None if recipe.score is None else bound(recipe.score, world, "mark", "score"),
        tuple(bound(order, world, "arrange", "orders") for order in recipe.orders),
        best(world.popularity(FILL_HALF_LIFE_DAYS), len(world.catalogue)).items,
    )


def bound(knobs: Any, world: World, verb: str, place: str) -> Any:
    """One stage of a recipe, bound.

    Raises:
        BadInput: it lacks the verb of its place.
    """
    stage = knobs.bind(world)
    if not hasattr(stage, verb) or not isinstance(getattr(stage, "name", None), str):
        raise BadInput(f"recipe.{place}: {knobs!r}.bind(world) must return a stage with a name and {verb}(query, ...)")
    return stage
