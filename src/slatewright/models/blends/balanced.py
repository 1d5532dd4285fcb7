"""An estimator taught with its classes in balance."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Index, Weights
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.data.interactions import Interactions
from slatewright.models.blends.parts import check_estimators, sum_of_costs
from slatewright.models.costs import Cost, Size
from slatewright.models.model import Estimator, Known, Model


@dataclass(frozen=True)
class Balanced:
    """Any estimator, with the events of rare classes weighing more and those of common ones less.

    Each event's weight is multiplied by (weight of its class) ** -class_exponent, and all by one number so that their
    sum stays. Weighting by class as in King, Zeng: Logistic Regression in Rare Events Data (Political Analysis 2001);
    with .5 a class counts by its root, as where Mikolov et al. leave out frequent words (Distributed Representations of
    Words and Phrases and their Compositionality, NeurIPS 2013). It moves estimators that heed weights; rating models do
    not.
    """

    estimator: Annotated[Estimator, Knob("what is taught")]
    by: Annotated[str, Knob("what makes a class", choices=("kind", "item", "user"))] = "item"
    class_exponent: Annotated[
        float, Knob("0: as the data is; 1: every class weighs the same in sum", least=0, most=1, search=(0, 1))
    ] = 0.5

    def __post_init__(self) -> None:
        check_knobs(self)
        check_estimators(self, (self.estimator,))

    def fit(self, dataset: Dataset) -> Model:
        """Fit the estimator to the balanced data set; what it is asked with later weighs as it does."""
        table = dataset.interactions
        weights = balanced_weights(_class_of(table, self.by), table.weight, self.class_exponent)
        model = self.estimator.fit(replace(dataset, interactions=replace(table, weight=weights)))
        return replace(model, known=Known(dataset.users, dataset.items, dataset.histories()))

    def cost(self, size: Size) -> Cost:
        """That of the estimator and the new weights, or of the weights in their making."""
        inner = sum_of_costs((self.estimator,), size)
        return Cost(max(inner.memory + 4.0 * size.n_events, 38.0 * size.n_events), inner.work)


def balanced_weights(classes: Index, weights: Weights, exponent: float) -> Weights:
    """Weights float32 (events,) with the same sum; a class without positive weight keeps its own."""
    positive = np.maximum(weights, 0).astype(np.float64)
    of_class = np.bincount(classes, positive) if len(classes) else np.zeros(0)
    scale = np.where(of_class > 0, np.where(of_class > 0, of_class, 1.0) ** -exponent, 0.0)
    spread = positive * scale[classes]
    total = spread.sum()
    if total <= 0:
        return weights
    return np.where(weights > 0, spread * (positive.sum() / total), weights).astype(np.float32)


def _class_of(table: Interactions, by: str) -> Index:
    return {"kind": table.kind.astype(np.int32), "item": table.item, "user": table.user}[by]
