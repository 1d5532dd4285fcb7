"""The switching blend: which model answers depends on how much is known."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.blends.parts import check_estimators, check_lengths, fitted, sum_of_costs
from slatewright.models.costs import Cost, Size
from slatewright.models.model import Estimator, Known
from slatewright.models.shapes.blend import Blend


@dataclass(frozen=True)
class SwitchingBlend:
    """One model answers each history: the first the shortest, the last the longest.

    The switching hybrid of Burke: Hybrid Recommender Systems, Survey and Experiments (UMUAI 2002).
    """

    estimators: Annotated[tuple[Estimator, ...], Knob("what answers, for the shortest histories first")]
    lengths: Annotated[
        tuple[int, ...], Knob("events from which on the second estimator answers, the third, and so on")
    ] = (1,)

    def __post_init__(self) -> None:
        check_knobs(self)
        check_estimators(self, self.estimators)
        check_lengths(self, self.lengths, exactly=len(self.estimators) - 1)

    def fit(self, dataset: Dataset) -> Blend:
        """Fit every part to the whole data set."""
        return Blend(
            Known(dataset.users, dataset.items, dataset.histories()),
            fitted(self.estimators, dataset),
            np.eye(len(self.estimators)),
            np.array(self.lengths, dtype=np.int64),
            "none",
        )

    def cost(self, size: Size) -> Cost:
        """That of the parts, one after the other."""
        return sum_of_costs(self.estimators, size)
