"""Columns of a learned score that come of the request itself: what models say of its candidates, who proposed them."""

from dataclasses import dataclass
from typing import Annotated, Protocol, runtime_checkable

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.pool import DAMPING
from slatewright.pipeline.world import World


@runtime_checkable
class Columns(Protocol):
    """Columns that are read from a query and its candidates; ``told`` is what their parts are called together."""

    @property
    def told(self) -> str: ...

    def names(self, world: World, sources: tuple[str, ...]) -> tuple[str, ...]:
        """What the columns are called; ``sources`` names those of the recipe."""

    def read(self, world: World, query: Query, candidates: Candidates, out: Scores) -> None:
        """Fill ``out`` float32 (n, columns)."""


@dataclass(frozen=True)
class ModelSays:
    """What a model of the recipe says of each candidate: as it is, and against the other candidates.

    The second column has mean 0 and deviation 1 over the candidates.
    """

    model: Annotated[str, Knob("name of an estimator of the recipe", names_estimators=True)]

    def __post_init__(self) -> None:
        check_knobs(self)

    @property
    def told(self) -> str:
        """The model."""
        return self.model

    def names(self, world: World, sources: tuple[str, ...]) -> tuple[str, ...]:
        """The name of the model, and of its word among the candidates."""
        world.model(self.model, asked_by=f"ModelSays({self.model!r})")
        return self.model, f"{self.model} among candidates"

    def read(self, world: World, query: Query, candidates: Candidates, out: Scores) -> None:
        """The model's scores, plain and standardised."""
        said = world.score_some(query, self.model, candidates.items)
        out[:, 0] = said
        centred = said - said.mean() if len(said) else said
        deviation = float(np.sqrt(np.mean(centred * centred))) if len(said) else 0.0
        out[:, 1] = centred / np.float32(deviation) if deviation > 1e-12 else 0.0


@dataclass(frozen=True)
class SourceRank:
    """How high each source of the recipe ranked a candidate: 1 / (60 + rank), 0 where it did not propose it, and
    the sum over the sources."""

    @property
    def told(self) -> str:
        """The sources."""
        return "sources"

    def names(self, world: World, sources: tuple[str, ...]) -> tuple[str, ...]:
        """One column per source, and their sum."""
        return (*(f"rank by {name}" for name in sources), "rank by all")

    def read(self, world: World, query: Query, candidates: Candidates, out: Scores) -> None:
        """Nothing but zeros where the pool came from no source, or from others than the recipe's."""
        out[:] = 0.0
        if len(candidates.ranks) == out.shape[1] - 1:
            ranks = candidates.ranks
            out[:, :-1] = np.where(ranks > 0, np.float32(1) / (DAMPING + ranks), np.float32(0)).T
            out[:, -1] = out[:, :-1].sum(axis=1)
