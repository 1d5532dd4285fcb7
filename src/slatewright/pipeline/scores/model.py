"""One model's word."""

from dataclasses import dataclass
from typing import Annotated

from slatewright.core.arrays import Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Candidates, Query, Score
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class ModelScore:
    """Mark each candidate with what one model of the recipe says."""

    model: Annotated[str, Knob("name of an estimator of the recipe", names_estimators=True)]

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Score:
        """Look the model up."""
        world.model(self.model, asked_by=f"ModelScore({self.model!r})")
        return _Bound(self.model, world)


@dataclass(frozen=True)
class _Bound:
    name: str
    world: World

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        return self.world.score_some(query, self.name, candidates.items)

    def parts(self, query: Query, candidates: Candidates) -> dict[str, Scores]:
        return {self.name: self.mark(query, candidates)}
