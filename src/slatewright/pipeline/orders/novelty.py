"""What few people know is worth something."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.core.knobs import check_knobs
from slatewright.metrics.surprise import self_information
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.orders.worth import WEIGHT, BoundTerm
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class Novelty:
    """A term: how unknown an item is, by -log2 of the share of users who had it; ``weight`` where one alone had it."""

    weight: Annotated[float, WEIGHT] = 0.2

    def __post_init__(self) -> None:
        check_knobs(self)

    def bind(self, world: World) -> BoundTerm:
        """Count who had what."""
        histories, n_items = world.known.histories, len(world.catalogue)
        users = np.repeat(np.arange(len(histories), dtype=np.int64), histories.lengths())
        pairs = np.unique(users * n_items + histories.items)
        takers = np.bincount(pairs % n_items, minlength=n_items)
        bits = self_information(takers, max(len(histories), 1))
        most = np.log2(max(len(histories), 2))
        return _Bound((self.weight * bits / most).astype(np.float32))


@dataclass(frozen=True)
class _Bound:
    worths: Scores  # (n_items,)

    def worth(self, query: Query, candidates: Candidates) -> Scores:
        return self.worths[candidates.items]
