"""What sources look up in an index is indexed when a recipe has learned, and kept in the bundle."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from slatewright.models.nearest import NearestIndex
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.sources import NearestSource, Quota
from slatewright.pipeline.world import World


def indexed(recipe: Recipe, world: World) -> World:
    """The world with the indexes that the sources of a recipe need, those of its pages included."""
    made = {source.index_name: source.index(world.models[source.model]) for source in nearest_sources(recipe)}
    return replace(world, indexes={name: index for name, index in made.items() if index is not None})


def nearest_sources(recipe: Recipe) -> Iterator[NearestSource]:
    """The sources of a recipe and of its pages that may look up an index."""
    return (source for source in _sources(recipe) if isinstance(source, NearestSource))


def _sources(recipe: Recipe) -> Iterator[object]:
    rows = (row for page in recipe.pages.values() for row in page.rows)
    for source in (*recipe.sources, *recipe.newcomers, *(one for row in rows for one in row.sources or ())):
        yield source.source if isinstance(source, Quota) else source


def told(indexes: Mapping[str, NearestIndex], model: str) -> dict[str, Any]:
    """What the card says of the indexes over one model, by their names."""
    own = {name.removeprefix(f"{model}/"): index.told() for name, index in indexes.items() if _model(name) == model}
    return {"indexes": own} if own else {}


def _model(name: str) -> str:
    return name.rpartition("/")[0]
