"""PureSVD: the strongest directions of the matrix of users and items, whatever is missing counted as 0."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng
from slatewright.data.dataset import Dataset
from slatewright.models.costs import FLOPS, GATHERS, SORTED, STEPS, Cost, Size
from slatewright.models.linear.spectrum import EXACT, OVERSAMPLING, ROUNDS, bytes_sought, spectrum
from slatewright.models.model import Known
from slatewright.models.shapes.item_subspace import ItemSubspace


@dataclass(frozen=True)
class PureSVD:
    """Ranks items by what is left of a history when only the directions that most histories share are kept.

    Cremonesi, Koren, Turrin (Performance of Recommender Algorithms on Top-N Recommendation Tasks, RecSys 2010).
    """

    embedding_dim: Annotated[int, Knob("directions that are kept", least=1, most=4096, search=(8, 512))] = 64
    rng: Annotated[Rng, Knob("seed, or generator, of the first guess at the directions")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> ItemSubspace:
        """Learn from the summed weights of each user and item."""
        strengths, directions = spectrum(dataset.matrix(), self.embedding_dim, self.rng)
        known = Known(dataset.users, dataset.items, dataset.histories())
        return ItemSubspace(known, directions, strengths.astype(np.float32))

    def cost(self, size: Size) -> Cost:
        """The matrix both ways, and the directions of both sides."""
        return Cost(25.0 * size.n_pairs + memory_of(self.embedding_dim, size), work_of(self.embedding_dim, size))


def memory_of(rank: int, size: Size) -> float:
    """Bytes of the directions of both sides, or of the matrix of all pairs of items where there are few."""
    if size.n_items <= EXACT:
        return 36.0 * size.n_items**2
    return bytes_sought(min(rank + OVERSAMPLING, size.n_items, size.n_users), size.n_users, size.n_items)


def work_of(rank: int, size: Size) -> dict[str, float]:
    """Products of the matrix with the directions, or with itself where there are few items."""
    if size.n_items <= EXACT:
        return {GATHERS: size.squared_histories, FLOPS: 10.0 * size.n_items**3, SORTED: 2.0 * size.n_events}
    width = float(min(rank + OVERSAMPLING, size.n_items, size.n_users))
    return {
        STEPS: (ROUNDS + 1) * 3.6 * width * size.n_pairs,
        FLOPS: (ROUNDS + 1) * 24.0 * width**2 * size.n_items,
        SORTED: 2.0 * size.n_events,
    }
