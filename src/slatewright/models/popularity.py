"""Popularity: what everybody takes, optionally of late."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.models.fading import faded
from slatewright.models.model import Known
from slatewright.models.shapes.item_scores import ItemScores


@dataclass(frozen=True)
class Popularity:
    """Items by the summed weight of their events."""

    half_life_days: Annotated[
        float | None, Knob("an event this many days old counts half; none: all count alike", above=0, search=(3, 365))
    ] = None

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> ItemScores:
        table = dataset.interactions
        weights = faded(table.weight, table.time, dataset.as_of, self.half_life_days)
        sums = np.bincount(table.item, weights=weights, minlength=dataset.n_items).astype(np.float32)
        return ItemScores(Known(dataset.users, dataset.items, dataset.histories()), sums)
