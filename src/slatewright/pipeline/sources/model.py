"""What a fitted model thinks this history wants next."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.sources.best import best, nothing
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class ModelSource:
    """Propose the items that a model of the recipe scores highest for the history."""

    model: Annotated[str, Knob("name of an estimator of the recipe", names_estimators=True)]
    limit: Annotated[int, Knob("how many items to propose, beyond those already in the history", least=1)] = 300

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Source:
        """Look the model up."""
        world.model(self.model, asked_by=f"ModelSource({self.model!r})")
        return _Bound(self.model, self.model, self.limit, world)


@dataclass(frozen=True)
class _Bound:
    name: str
    model: str
    limit: int
    world: World
    in_memory: ClassVar[bool] = True

    @property
    def scores_all(self) -> tuple[str, ...]:
        """The model that it asks about every item."""
        return (self.model,)

    def propose(self, query: Query) -> Proposal:
        return of_all(self.world, query, self.model, self.limit + len(query.history.items))


def of_all(world: World, query: Query, model: str, limit: int) -> Proposal:
    """The items that a model of a world scores highest, every item scored."""
    scores = world.score_all(query, model)
    if len(scores) == 0 or scores.min() == scores.max():
        return nothing()  # a model that cannot tell items apart has nothing to propose
    return best(scores, limit)
