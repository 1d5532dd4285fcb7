"""A recipe's stages, bound to a world."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from slatewright.core.arrays import Index
from slatewright.core.errors import BadInput
from slatewright.pipeline.apart import Apart
from slatewright.pipeline.contracts import Filter, Order, Query, Score, Source
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.sources.best import best
from slatewright.pipeline.world import World

FILL_HALF_LIFE_DAYS = 30.0


@dataclass(frozen=True)
class Stages:
    """Four stages ready to run; ``popular`` is the whole catalogue, most popular first.

    ``score`` marks for users of whom something is known, ``for_newcomers`` for all others.

    A short slate is filled from
    ``popular``, unless ``fills`` is False. Of what the filters leave, ``candidates`` are scored, on which the sources
    agree most; None: all.
    """

    sources: tuple[Source, ...]
    newcomers: tuple[Source, ...]
    filters: tuple[Filter, ...]
    score: Score | None
    orders: tuple[Order, ...]
    popular: Index
    fills: bool = True
    for_newcomers: Score | None = None
    candidates: int | None = None

    @cached_property
    def naming(self) -> tuple[Any, ...]:
        """The filters that can name what they keep."""
        return tuple(one for one in self.filters if hasattr(one, "only"))

    @cached_property
    def asks_shown(self) -> bool:
        """Whether any stage looks at what the user was shown lately."""
        stages = (*self.sources, *self.newcomers, *self.filters, self.score, self.for_newcomers, *self.orders)
        return any(getattr(one, "asks_shown", False) for one in stages)

    @cached_property
    def standing(self) -> Index:
        """The place of each item in ``popular``, int32 (n_items,)."""
        places = np.empty(len(self.popular), dtype=np.int32)
        places[self.popular] = np.arange(len(self.popular), dtype=np.int32)
        return places

    def marking(self, query: Query) -> Score | None:
        """The score that marks the candidates of a query; None: the marks of the sources stand."""
        return self.for_newcomers if query.is_newcomer else self.score


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
        candidates=recipe.candidates,
    )


def bound(knobs: Any, world: World, verb: str, place: str) -> Any:
    """One stage of a recipe, bound.

    Raises:
        BadInput: it lacks the verb of its place.
    """
    stage = knobs.bind(world)
    if not hasattr(stage, verb) or not isinstance(getattr(stage, "name", None), str):
        raise BadInput(f"recipe.{place}: {knobs!r}.bind(world) must return a stage with a name and {verb}(query, ...)")
    return Apart(stage) if verb == "propose" and not getattr(stage, "in_memory", False) else stage
