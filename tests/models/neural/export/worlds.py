"""A town that answers before it has learned much: exports are about the graph, not about how good it is."""

from functools import cache

import numpy as np

from slatewright.core.arrays import Arrays
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.histories import Histories
from slatewright.models import DMF, MF, DeepCross, SASRec, WideAndDeep
from slatewright.models.model import Estimator, Model
from slatewright.models.neural.pairs.neumf import NeuMF
from slatewright.testing.worlds import two_tastes


@cache
def town() -> Dataset:
    return dataset_of(two_tastes())


@cache
def models() -> dict[str, Model]:
    estimators: dict[str, Estimator] = {
        "sasrec": SASRec(embedding_dim=16, longest_history=8, n_blocks=1, epochs=2, n_negatives=8),
        "neumf": NeuMF(epochs=1, batch_size=256),
        "mf": MF(embedding_dim=8, epochs=1, batch_size=256),
        "wide": WideAndDeep(embedding_dim=4, layers=(8,), n_crosses=64, epochs=1, batch_size=256),
        "crossed": DeepCross(embedding_dim=4, layers=(8,), epochs=1, batch_size=256),
        "dmf": DMF(embedding_dim=8, layers=(8,), epochs=1, batch_size=256, n_candidates=8, longest_history=8),
    }
    return {name: estimator.fit(town()) for name, estimator in estimators.items()}


def histories() -> Histories:
    """Known users, one who did nothing, and one whom nobody knows: more than any example that a graph was made of."""
    some = town().histories().take(np.arange(20, dtype=np.int32))
    return Histories.end_to_end([some, Histories.of([[]]), Histories.of([[3, 5, 7], [2]])])


def differences(said: Arrays, expected: Arrays) -> dict[str, float]:
    """The largest difference, by name."""
    return {name: float(np.abs(said[name] - one).max()) for name, one in expected.items()}
