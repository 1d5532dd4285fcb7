"""What is good and unlike everything before is worth something."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.likeness import TELLING, Likeness, likeness_of
from slatewright.pipeline.orders.worth import WEIGHT, BoundTerm, unit
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class Serendipity:
    """A term: the mark, between 0 and 1, times how unlike the item is to the nearest of the last things in the history.

    Relevant and unexpected at once (Ge, Delgado-Battenfeld and Jannach, RecSys 2010). Of somebody unknown nothing is
    unexpected.
    """

    weight: Annotated[float, WEIGHT] = 0.2
    model: Annotated[
        str | None,
        Knob("estimator that says what is alike; none: the shared categories", names_estimators=True, learns=TELLING),
    ] = None
    last: Annotated[int, Knob("how many of the last things in the history count", least=1)] = 10

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> BoundTerm:
        """Find out what makes items alike.

        Raises:
            BadInput: the model does not tell.
        """
        return _Bound(self.weight, self.last, likeness_of(world, self.model, f"Serendipity(model={self.model!r})"))


@dataclass(frozen=True)
class _Bound:
    weight: float
    last: int
    likeness: Likeness

    def worth(self, query: Query, candidates: Candidates) -> Scores:
        known = np.unique(query.history.items[-self.last :])
        if len(known) == 0:
            return np.zeros(len(candidates.items), dtype=np.float32)
        alike = self.likeness.among(np.concatenate([known, candidates.items]))
        nearest = np.max([alike.row(at)[len(known) :] for at in range(len(known))], axis=0)
        worth: Scores = np.float32(self.weight) * unit(candidates.scores) * (1 - nearest)
        return worth
