"""Variety: no ten shades of the same thing.

Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): take next what is worth most, less what it repeats.
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Offsets, Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.likeness import TELLING, Likeness, likeness_of
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class MMR:
    """Trade worth against likeness to what already stands in the slate."""

    relevance: Annotated[
        float, Knob("1: only the mark counts; 0: only variety", least=0, most=1, search=(0.3, 1.0))
    ] = 0.8
    model: Annotated[
        str | None,
        Knob(
            "estimator whose factors, pairs or features say what is alike; none: the shared categories",
            names_estimators=True,
            learns=TELLING,
        ),
    ] = None
    depth: Annotated[int, Knob("how many of the best candidates to choose from", least=1)] = 200

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> "BoundMMR":
        """Find out what makes items alike.

        Raises:
            BadInput: the model does not tell.
        """
        return BoundMMR("variety", self.relevance, self.depth, likeness_of(world, self.model))


@dataclass(frozen=True)
class BoundMMR:
    """The order over a catalogue."""

    name: str
    relevance: float
    depth: int
    likeness: Likeness

    def arrange(self, query: Query, candidates: Candidates) -> Offsets:
        """Positions (min(k, depth, n),), the best first, each unlike those before it."""
        n = min(self.depth, len(candidates.items))
        worth = self.relevance * _unit(candidates.scores[:n])
        alike = np.float32(1 - self.relevance) * self.likeness(candidates.items[:n])  # (n, n)
        penalty = np.zeros(n, dtype=np.float32)
        chosen = np.empty(min(query.k, n), dtype=np.int64)
        for place in range(len(chosen)):
            best = int(np.argmax(worth - penalty))
            chosen[place] = best
            worth[best] = -np.inf
            np.maximum(penalty, alike[best], out=penalty)
        return chosen


def _unit(scores: Scores) -> Scores:
    """Scores between 0 and 1."""
    if len(scores) == 0:
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)
