"""What people like this user take most."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.models.shapes.segment_scores import SegmentScores
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.sources.best import best, nothing
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class SegmentPopularSource:
    """Propose what is most popular in the segment that the user most likely belongs to, by history or by facts."""

    model: Annotated[
        str,
        Knob("name of a SegmentPopularity estimator of the recipe", names_estimators=True, learns=(SegmentScores,)),
    ]
    limit: Annotated[int, Knob("how many items to propose, beyond those already in the history", least=1)] = 100
    name: str = "segment"

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Source:
        """Rank the catalogue once for each segment.

        Raises:
            BadInput: the model knows no segments.
        """
        asked_by = f"SegmentPopularSource({self.model!r})"
        model = world.model(self.model, asked_by=asked_by)
        if not isinstance(model, SegmentScores):
            raise BadInput(f"{asked_by} must name a SegmentPopularity estimator, got one that learns {model.shape}")
        ranked = tuple(best(model.of_segment(at), RANKED * self.limit) for at in range(len(model.sizes)))
        return _Bound(self.name, model, ranked, self.limit)


RANKED = 20  # so many times the limit is kept for each segment: histories take some of it away


@dataclass(frozen=True)
class _Bound:
    name: str
    model: SegmentScores
    ranked: tuple[Proposal, ...]
    limit: int
    in_memory: ClassVar[bool] = True

    def propose(self, query: Query) -> Proposal:
        belongs = self.model.membership(query.history)[0]
        if not belongs.any():
            return nothing()
        segment = int(np.argmax(belongs))
        ranked, stop = self.ranked[segment], self.limit + len(query.history.items)
        return Proposal(ranked.items[:stop], ranked.scores[:stop], f"segment {segment + 1} of {len(self.ranked)}")
