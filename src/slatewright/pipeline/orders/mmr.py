"""Variety: no ten shades of the same thing.

Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): take next what is worth most, less what it repeats.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from slatewright.core.arrays import Offsets
from slatewright.core.kernels import kernel
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.likeness import TELLING, Likeness, likeness_of
from slatewright.pipeline.likeness.vectors import Unit, cosines
from slatewright.pipeline.orders.worth import TERMS, BoundTerm, Depth, Term, best_of, bind_terms, check_terms, worth_of
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class MMR:
    """Trade worth against likeness to what already stands in the slate."""

    relevance: Annotated[
        float, Knob("1: only the worth counts; 0: only variety", least=0, most=1, search=(0.3, 1.0))
    ] = 0.8
    model: Annotated[
        str | None,
        Knob(
            "estimator whose factors, pairs or features say what is alike; none: the shared categories",
            names_estimators=True,
            learns=TELLING,
        ),
    ] = None
    depth: Depth = 500
    terms: Annotated[tuple[Term, ...], TERMS] = ()

    def __post_init__(self) -> None:
        check_knobs(self)
        check_terms(self, self.terms)

    def bind(self, world: World) -> "BoundMMR":
        """Find out what makes items alike.

        Raises:
            BadInput: the model does not tell.
        """
        likeness = likeness_of(world, self.model, f"MMR(model={self.model!r})")
        return BoundMMR("variety", self.relevance, self.depth, likeness, bind_terms(self.terms, world))


@dataclass(frozen=True)
class BoundMMR:
    """The order over a catalogue."""

    name: str
    relevance: float
    depth: int
    likeness: Likeness
    terms: tuple[BoundTerm, ...] = ()

    def arrange(self, query: Query, candidates: Candidates) -> Offsets:
        """Positions (min(k, depth, n),), the best first, each unlike those before it."""
        pool = best_of(candidates, self.depth)
        worth = np.float32(self.relevance) * worth_of(query, pool, self.terms)
        chosen = np.empty(min(query.k, len(worth)), dtype=np.int64)
        if len(chosen) == 0:
            return chosen
        alike, penalty = self.likeness.among(pool.items), np.zeros_like(worth)
        variety, best = np.float32(1 - self.relevance), int(np.argmax(worth))
        if isinstance(alike, Unit):  # the usual kind, in one go: a call for each place costs as much as its work
            _choose(alike.unit, alike.definite, worth, (penalty, variety), chosen)
            return chosen
        for place in range(len(chosen)):
            chosen[place] = best
            worth[best] = -np.inf
            best = _next(worth, penalty, alike.row(best), variety)
        return chosen


@kernel()
def _next(worth: Any, penalty: Any, alike: Any, variety: Any) -> Any:
    """What is worth most, less the penalty, which grows with the likeness to what was just taken."""
    best, most = 0, -np.inf
    for at in range(len(worth)):
        penalty[at] = max(penalty[at], variety * alike[at])
        left = worth[at] - penalty[at]
        if left > most:
            best, most = at, left
    return best


@kernel()
def _choose(unit: Any, definite: Any, worth: Any, penalties: Any, chosen: Any) -> None:
    """The same as place by place, for vectors."""
    penalty, variety = penalties
    alike = np.empty(len(worth), dtype=np.float32)
    best = np.argmax(worth)
    for place in range(len(chosen)):
        chosen[place] = best
        worth[best] = -np.inf
        cosines(unit, best, definite, alike)
        best = _next(worth, penalty, alike, variety)
