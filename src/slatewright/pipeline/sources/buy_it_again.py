"""What this user buys again about now."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.models.shapes.repeat_rates import RepeatRates
from slatewright.pipeline.contracts import Proposal, Query, Source
from slatewright.pipeline.sources.best import arranged, nothing
from slatewright.pipeline.world import World

DUE = Knob("an item is due once this share of its usual interval has passed", least=0)


@dataclass(frozen=True)
class BuyItAgainSource:
    """Propose the items of the history that are due again, the likeliest first.

    The usual ``SeenFilter`` drops them: give it the same model, ``SeenFilter(again="...")``.
    """

    model: Annotated[
        str, Knob("name of a BuyItAgain estimator of the recipe", names_estimators=True, learns=(RepeatRates,))
    ]
    due: Annotated[float, DUE] = 0.5
    limit: Annotated[int, Knob("how many items to propose", least=1)] = 20
    name: str = "buy again"

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> Source:
        """Look the model up.

        Raises:
            BadInput: it is no BuyItAgain.
        """
        return _Bound(
            self.name, repeats_model(world, self.model, f"BuyItAgainSource({self.model!r})"), self.due, self.limit
        )


@dataclass(frozen=True)
class _Bound:
    name: str
    model: RepeatRates
    due: float
    limit: int
    in_memory: ClassVar[bool] = True

    def propose(self, query: Query) -> Proposal:
        if query.is_newcomer:
            return nothing()
        found = self.model.repeats(query.history, query.now)
        due = found.due >= self.due
        ranked = arranged(found.items[due], found.chances[due])
        return Proposal(ranked.items[: self.limit], ranked.scores[: self.limit])


def repeats_model(world: World, name: str, asked_by: str) -> RepeatRates:
    """A model of repeats by its name in the recipe.

    Raises:
        NotThere: the recipe has no estimator of that name.
        BadInput: it is no BuyItAgain.
    """
    model = world.model(name, asked_by=asked_by)
    if not isinstance(model, RepeatRates):
        raise BadInput(f"{asked_by} must name a BuyItAgain estimator, got one that learns {model.shape}")
    return model
