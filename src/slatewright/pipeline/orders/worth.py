"""What a candidate is worth to an order: its mark, and terms beside it."""

from collections.abc import Sequence
from typing import Annotated, Protocol

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.world import World

Depth = Annotated[int, Knob("how many of the best candidates to choose from", least=1)]
TERMS = Knob("what is worth something beside the mark: Novelty, Serendipity")
WEIGHT = Knob("worth of the most of it, where the best mark is worth 1", least=-10, most=10, search=(0.0, 0.5))


class BoundTerm(Protocol):
    """Something besides the mark that is worth something."""

    def worth(self, query: Query, candidates: Candidates) -> Scores:
        """What each candidate is worth by it, float32 (n,)."""
        ...


class Term(Protocol):
    """Knobs of a term."""

    def bind(self, world: World) -> BoundTerm: ...


def check_terms(owner: object, terms: Sequence[object]) -> None:
    """Let pass what is made of terms.

    Raises:
        BadKnob: something else stands among them.
    """
    for term in terms:
        if isinstance(term, type) or not hasattr(term, "bind"):
            raise BadKnob(f"{type(owner).__name__}.terms must hold terms, as Novelty(0.2), got {term!r}")


def bind_terms(terms: Sequence[Term], world: World) -> tuple[BoundTerm, ...]:
    """The terms over a world."""
    return tuple(term.bind(world) for term in terms)


def best_of(candidates: Candidates, depth: int) -> Candidates:
    """The first ``depth`` candidates."""
    return candidates if len(candidates.items) <= depth else candidates.take(np.arange(depth))


def worth_of(query: Query, candidates: Candidates, terms: Sequence[BoundTerm]) -> Scores:
    """Marks brought between 0 and 1, and every term on top, float32 (n,), an array of its own."""
    worth = unit(candidates.scores)
    for term in terms:
        worth = worth + term.worth(query, candidates)
    return np.array(worth, dtype=np.float32)


def unit(scores: Scores) -> Scores:
    """Scores brought between 0 and 1; all 1 where they are level."""
    if len(scores) == 0:
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)
