"""Variety by determinants: a slate is as good as the volume that its items span.

Greedy maximum of a determinantal point process (Chen, Zhang and Zhou: Fast Greedy MAP Inference for Determinantal Point
Process to Improve Recommendation Diversity, NeurIPS 2018), by one row of a Cholesky factor for each place.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from slatewright.core.arrays import Offsets
from slatewright.core.kernels import kernel
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.likeness import DEFINITE, Likeness, definite_likeness_of
from slatewright.pipeline.orders.worth import TERMS, BoundTerm, Depth, Term, best_of, bind_terms, check_terms, worth_of
from slatewright.pipeline.world import World

SAME = 0.9  # how alike two items are that nothing tells apart: they still are two, and span more than one


@dataclass(frozen=True)
class DPP:
    """Choose items whose worths are high and whose vectors point apart, all pairs at once.

    The kernel is exp(a x worth) x likeness x exp(a x worth) with a = relevance / (2 (1 - relevance)), where two
    different items are at most .9 alike.
    """

    relevance: Annotated[
        float, Knob("towards 1: only the worth counts; 0: only variety", least=0, below=1, search=(0.3, 0.99))
    ] = 0.8
    model: Annotated[
        str | None,
        Knob(
            "estimator whose factors or features say what is alike; none: the shared categories",
            names_estimators=True,
            learns=DEFINITE,
        ),
    ] = None
    depth: Depth = 500
    terms: Annotated[tuple[Term, ...], TERMS] = ()

    def __post_init__(self) -> None:
        check_knobs(self)
        check_terms(self, self.terms)

    def bind(self, world: World) -> "BoundDPP":
        """Find out what makes items alike.

        Raises:
            BadInput: the model does not tell.
        """
        likeness = definite_likeness_of(world, self.model, f"DPP(model={self.model!r})")
        gain = self.relevance / (1 - self.relevance)
        return BoundDPP("volume", gain, self.depth, likeness, bind_terms(self.terms, world))


@dataclass(frozen=True)
class BoundDPP:
    """The order over a catalogue; ``gain`` is 2a."""

    name: str
    gain: float
    depth: int
    likeness: Likeness
    terms: tuple[BoundTerm, ...] = ()

    def arrange(self, query: Query, candidates: Candidates) -> Offsets:
        """Positions (min(k, depth, n),), in the order in which they are chosen."""
        pool = best_of(candidates, self.depth)
        worth = (self.gain * worth_of(query, pool, self.terms)).astype(np.float64)
        n = len(worth)
        chosen = np.empty(min(query.k, n), dtype=np.int64)
        if n == 0:
            return chosen
        alike = self.likeness.among(pool.items)
        factor, rest = np.empty((len(chosen), n)), np.ones(n)
        for place in range(len(chosen)):
            chosen[place] = best = _widest(worth, rest)
            worth[best] = -np.inf
            _span(factor, place, rest, best, alike.row(best))
        return chosen


@kernel()
def _widest(worth: Any, rest: Any) -> Any:
    """What adds most to the logarithm of the volume."""
    best, most = 0, -np.inf
    for at in range(len(worth)):
        if worth[at] > -np.inf and worth[at] + np.log(rest[at]) > most:
            best, most = at, worth[at] + np.log(rest[at])
    return best


@kernel()
def _span(factor: Any, steps: Any, rest: Any, best: Any, alike: Any) -> None:
    """Add the row of ``best`` to the Cholesky factor, and take it from what the others add, which stays above 0."""
    mine, root = factor[steps], np.sqrt(rest[best])
    for at in range(len(rest)):
        mine[at] = SAME * alike[at]
    for step in range(steps):
        share, row = factor[step, best], factor[step]
        for at in range(len(rest)):
            mine[at] -= share * row[at]
    for at in range(len(rest)):
        mine[at] /= root
        rest[at] = max(rest[at] - mine[at] * mine[at], 1e-9)
