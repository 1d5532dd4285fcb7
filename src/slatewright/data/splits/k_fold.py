"""k-fold cross-validation: every event is test once. For ratings, where time is not the question."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from slatewright.core.arrays import Offsets
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.data.splits.fold import Fold, fold_of
from slatewright.data.splits.protocol import Order, Protocol

K_FOLD = Protocol("k-fold", "what would be said of the pairs that were left out, whenever that was?", Order.NONE)


@dataclass(frozen=True)
class KFold:
    """The events in random parts of equal size; each part judges a model fitted on the others.

    What a user did with one item, and what happened in one visit, stays in one part: the same opinion would otherwise
    be learned and asked for.
    """

    folds: Annotated[int, Knob("how many parts", least=2)] = 5
    validation_share: Annotated[
        float, Knob("share of the training events held back at random to choose knobs; 0: none", least=0, most=0.5)
    ] = 0.1
    rng: Annotated[int, Knob("seed of the shuffle", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        group = _together(dataset)
        n_groups = int(group.max(initial=-1)) + 1
        if n_groups < self.folds:
            raise BadInput(
                f"KFold.folds must be at most {n_groups}, the number of pairs of user and item that can be dealt "
                f"apart, got {self.folds}"
            )
        part = (generator(self.rng).permutation(n_groups) % self.folds)[group]
        inner = KFold(round(1 / self.validation_share), 0.0, self.rng) if self.validation_share else None
        for fold in range(self.folds):
            yield fold_of(dataset, part != fold, part == fold, inner=inner, protocol=K_FOLD.with_knobs(self))


def _together(dataset: Dataset) -> Offsets:
    """The number of the group of each event, int64 (events,), counted in the order of their first events."""
    table = dataset.interactions
    pairs = _numbered(table.user.astype(np.int64) * max(1, dataset.n_items) + table.item)
    if table.session is None or not (table.session > 0).any():
        return pairs
    told, n = table.session > 0, int(pairs.max()) + 1
    visits = n + _numbered(table.user[told].astype(np.int64) << 31 | table.session[told])
    links = np.ones(len(visits), dtype=np.int8), (pairs[told], visits)
    nodes = int(visits.max()) + 1
    _, label = connected_components(sparse.coo_matrix(links, shape=(nodes, nodes)), directed=False)
    return _numbered(label[pairs])


def _numbered(keys: Offsets) -> Offsets:
    """Equal keys as equal numbers, in order of first appearance, int64 (n,)."""
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]
