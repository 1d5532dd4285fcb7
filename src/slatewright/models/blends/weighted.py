"""The weighted blend: several models' words, weighed."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.blends.normalising import NORMALISATIONS
from slatewright.models.blends.parts import check_estimators, fitted, sum_of_costs
from slatewright.models.costs import Cost, Size
from slatewright.models.model import Estimator, Known
from slatewright.models.shapes.blend import Blend

ESTIMATORS = Knob("what is fitted and then asked together")
SCALE = Knob("how the scores of each history are brought to one scale", choices=NORMALISATIONS)


@dataclass(frozen=True)
class WeightedBlend:
    """Score by a weighted sum of models, each history's scores brought to one scale first.

    The weighted hybrid of Burke: Hybrid Recommender Systems, Survey and Experiments (UMUAI 2002).
    """

    estimators: Annotated[tuple[Estimator, ...], ESTIMATORS]
    weights: Annotated[tuple[float, ...], Knob("weight of each estimator, in their order; none: all alike")] = ()
    normalisation: Annotated[str, SCALE] = "deviation"

    def __post_init__(self) -> None:
        check_knobs(self)
        check_estimators(self, self.estimators)
        if self.weights and len(self.weights) != len(self.estimators):
            raise BadKnob(
                f"WeightedBlend.weights must be one for each of {len(self.estimators)} estimators, got {self.weights!r}"
            )
        if not np.isfinite(self.weights).all() or (self.weights and not any(self.weights)):
            raise BadKnob(f"WeightedBlend.weights must be finite and not all 0, got {self.weights!r}")

    def fit(self, dataset: Dataset) -> Blend:
        """Fit every part to the whole data set."""
        weights = self.weights or (1.0,) * len(self.estimators)
        return Blend(
            Known(dataset.users, dataset.items, dataset.histories()),
            fitted(self.estimators, dataset),
            np.array([weights], dtype=np.float64),
            np.empty(0, dtype=np.int64),
            self.normalisation,
        )

    def cost(self, size: Size) -> Cost:
        """That of the parts, one after the other."""
        return sum_of_costs(self.estimators, size)
