"""Highest worth first."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Offsets
from slatewright.core.knobs import check_knobs
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.orders.worth import TERMS, BoundTerm, Term, bind_terms, check_terms, worth_of
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class Weighed:
    """Arrange by the mark, brought between 0 and 1, and the terms on top of it; ties break by item index."""

    terms: Annotated[tuple[Term, ...], TERMS]

    def __post_init__(self) -> None:
        check_knobs(self)
        check_terms(self, self.terms)

    def bind(self, world: World) -> "BoundWeighed":
        """Bind the terms."""
        return BoundWeighed("worth", bind_terms(self.terms, world))


@dataclass(frozen=True)
class BoundWeighed:
    """The order over a catalogue."""

    name: str
    terms: tuple[BoundTerm, ...]

    def arrange(self, query: Query, candidates: Candidates) -> Offsets:
        """Positions of all candidates."""
        return np.lexsort((candidates.items, -worth_of(query, candidates, self.terms))).astype(np.int64)
