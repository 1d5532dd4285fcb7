"""How many places of the pool a source gets."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.stage_knobs import SourceKnobs
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class Quota:
    """Give a source at least and at most so many of the candidates that are scored.

    ``most`` cuts what it proposes: an item further down is a candidate only where another source proposes it.
    ``least`` keeps its best where there are more candidates than ``Recipe.candidates``, whatever the others think.
    """

    source: SourceKnobs
    most: Annotated[int | None, Knob("it proposes no more items than this; none: as many as it has", least=1)] = None
    least: Annotated[int, Knob("so many of its items that pass the filters are scored in any case", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)
        if self.most is not None and self.least > self.most:
            raise BadKnob(f"Quota.least must be at most Quota.most, {self.most}, got {self.least}")

    def bind(self, world: World) -> Source:
        """Bind the source."""
        source = self.source.bind(world)
        kind = _Bound if getattr(source, "in_memory", False) else _BoundApart
        return kind(source, self.most, self.least)


@dataclass(frozen=True)
class _BoundApart:
    source: Source
    most: int | None
    least: int

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def scores_all(self) -> tuple[str, ...]:
        return getattr(self.source, "scores_all", ())

    def propose(self, query: Query) -> Proposal:
        given = self.source.propose(query)
        return given if self.most is None else Proposal(given.items[: self.most], given.scores[: self.most], given.how)


@dataclass(frozen=True)
class _Bound(_BoundApart):
    in_memory: ClassVar[bool] = True
