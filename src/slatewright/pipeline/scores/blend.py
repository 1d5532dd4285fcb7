"""Several models' words, weighed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class BlendScore:
    """Mark each candidate with a weighted sum of several models.

    Every model's scores are brought to mean 0 and deviation 1 over the candidates first, so that the weights compare.
    A model that says the same of all candidates adds nothing.
    """

    weights: Annotated[
        Mapping[str, float], Knob("weight of each estimator of the recipe, by name", names_estimators=True)
    ]

    def __post_init__(self) -> None:
        check_knobs(self)
        if not self.weights or not all(np.isfinite(weight) for weight in self.weights.values()):
            raise BadKnob(f"BlendScore.weights must give a finite weight to at least one model, got {self.weights!r}")

    def bind(self, world: World) -> "BoundBlend":
        """Look the models up."""
        for name in self.weights:
            world.model(name, asked_by=f"BlendScore({dict(self.weights)!r})")
        return BoundBlend("blend", tuple(self.weights.items()), world)


@dataclass(frozen=True)
class BoundBlend:
    """The blend over fitted models."""

    name: str
    weights: tuple[tuple[str, float], ...]
    world: World

    def mark(self, query: Query, candidates: Candidates) -> Scores:
        """The weighted sum of ``parts``, float32 (n,)."""
        total = np.zeros(len(candidates.items), dtype=np.float32)
        for part in self.parts(query, candidates).values():
            total += part
        return total

    def parts(self, query: Query, candidates: Candidates) -> dict[str, Scores]:
        """What each model adds to each mark, float32 (n,) by model name."""
        return {
            name: np.float32(weight) * _standard(self.world.score_some(query, name, candidates.items))
            for name, weight in self.weights
        }


def _standard(scores: Scores) -> Scores:
    if len(scores) == 0:
        return scores
    centred = scores - scores.mean()
    deviation = float(np.sqrt(np.mean(centred * centred)))
    return centred / np.float32(deviation) if deviation > 1e-12 else np.zeros_like(scores)
