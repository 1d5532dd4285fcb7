"""PureSVD: the strongest directions of the matrix of users and items, whatever is missing counted as 0.

Cremonesi, Koren, Turrin (Performance of Recommender Algorithms on Top-N Recommendation Tasks, RecSys 2010).
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng
from slatewright.data.dataset import Dataset
from slatewright.models.linear.spectrum import spectrum
from slatewright.models.model import Known
from slatewright.models.shapes.item_subspace import ItemSubspace


@dataclass(frozen=True)
class PureSVD:
    """Ranks items by what is left of a history when only the directions that most histories share are kept."""

    embedding_dim: Annotated[int, Knob("directions that are kept", least=1, most=4096, search=(8, 512))] = 64
    rng: Annotated[Rng, Knob("seed, or generator, of the first guess at the directions")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> ItemSubspace:
        """Learn from the summed weights of each user and item."""
        strengths, directions = spectrum(dataset.matrix(), self.embedding_dim, self.rng)
        known = Known(dataset.users, dataset.items, dataset.histories())
        return ItemSubspace(known, directions, strengths.astype(np.float32))
