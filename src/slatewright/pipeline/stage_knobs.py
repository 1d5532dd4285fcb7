"""What stands in a recipe: knobs that become a stage by ``bind(world)``."""

from typing import Protocol

from slatewright.pipeline.contracts import Filter, Order, Score, Source
from slatewright.pipeline.world import World


class SourceKnobs(Protocol):
    """Knobs of a source."""

    def bind(self, world: World) -> Source: ...


class FilterKnobs(Protocol):
    """Knobs of a filter."""

    def bind(self, world: World) -> Filter: ...


class ScoreKnobs(Protocol):
    """Knobs of a score."""

    def bind(self, world: World) -> Score: ...


class OrderKnobs(Protocol):
    """Knobs of an order."""

    def bind(self, world: World) -> Order: ...
