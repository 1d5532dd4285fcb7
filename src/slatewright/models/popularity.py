"""Popularity: what everybody takes, optionally of late."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Scores
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.costs import GATHERS, Cost, Size
from slatewright.models.fading import faded
from slatewright.models.model import Known
from slatewright.models.shapes.item_scores import ItemScores


@dataclass(frozen=True)
class Popularity:
    """Items by the summed weight of their events.

    The baseline that any other has to beat (TopPop in Cremonesi, Koren, Turrin: Performance of Recommender Algorithms
    on Top-N Recommendation Tasks, RecSys 2010).
    """

    half_life_days: Annotated[
        float | None, Knob("an event this many days old counts half; none: all count alike", above=0, search=(3, 365))
    ] = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> ItemScores:
        """Add up the weights of each item's events."""
        table = dataset.interactions
        weights = faded(table.weight, table.time, dataset.as_of, self.half_life_days)
        sums = np.bincount(table.item, weights=weights, minlength=dataset.n_items).astype(np.float32)
        return ItemScores(Known(dataset.users, dataset.items, dataset.histories()), sums)

    def cost(self, size: Size) -> Cost:
        return Cost(
            (36.0 if self.half_life_days is not None else 16.0) * size.n_events + 20.0 * (size.n_users + size.n_items),
            {GATHERS: 10.0 * size.n_events},
        )


def shares(by_user: sparse.csr_matrix) -> Scores:
    """Each item's share of all weight, float32 (n_items,): what a model answers to a history that says nothing."""
    sums = np.bincount(by_user.indices, weights=by_user.data, minlength=by_user.shape[1])
    total = float(sums.sum())
    of_all: Scores = (sums / (total if total > 0 else 1.0)).astype(np.float32)
    return of_all
