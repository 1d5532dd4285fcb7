"""What a bundle holds of a learned score: the rankers, and what was counted for its features."""

from collections.abc import Iterator
from dataclasses import replace

from slatewright.core.arrays import Arrays
from slatewright.features.counters import Counters
from slatewright.features.state import LiveCounts
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.scores.learned import LearnedScore
from slatewright.pipeline.taught import TABLES, Taught
from slatewright.pipeline.world import World
from slatewright.store.bundle import Bundle

TAUGHT, COUNTS = "taught", "counts"


def learned_arrays(world: World) -> Iterator[tuple[str, Arrays]]:
    """The arrays of a learned score, by their prefix in the bundle."""
    if world.taught is not None:
        yield TAUGHT, world.taught.arrays()
    if world.learned_counts is not None:
        yield COUNTS, world.learned_counts.arrays()


def with_learned(world: World, bundle: Bundle, recipe: Recipe | None) -> World:
    """The world of a bundle with what its learned score was taught and counted, where the recipe has one.

    Raises:
        BadBundle: it was counted for other features than those of the recipe.
    """
    if all(name in bundle.tables for name in TABLES):
        world = replace(world, taught=Taught.from_bundle(bundle.part(TAUGHT), bundle.tables))
    score, counts = None if recipe is None else recipe.score, bundle.part(COUNTS)
    if not isinstance(score, LearnedScore) or score.counted is None or not counts:
        return world
    features = score.counted.bind(world.catalogue)
    found = Counters.from_arrays(counts, features.layout, features.signature)
    return replace(world, features=features, counts=LiveCounts(found))
