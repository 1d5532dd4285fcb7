"""What the sparse linear models share: a table of weights in, pairs of items out, as a model."""

import numpy as np
from scipy import sparse

from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.models.costs import GATHERS, STEPS, Cost, Size, csr_bytes
from slatewright.models.fading import faded_histories
from slatewright.models.linear.elastic_net import MOST_GRAM_BYTES
from slatewright.models.model import Known
from slatewright.models.popularity import shares
from slatewright.models.shapes.item_pairs import ItemPairs

MOST_WEIGHT = 1e9  # squares of larger weights, summed, leave nothing of float32
BYTES_PER_NUMBER = 16  # of the result, while it is collected and turned


def table_of(name: str, dataset: Dataset, half_life_days: float | None) -> sparse.csr_matrix:
    """Faded weights, CSR float32 (n_users, n_items).

    Raises:
        BadInput: a weight is so large that its square cannot be added up in float32.
    """
    by_user = faded_histories(dataset.histories(), dataset.as_of, half_life_days).matrix(dataset.n_items)
    largest = float(np.abs(by_user.data).max(initial=0))
    if not largest <= MOST_WEIGHT:
        raise BadInput(f"{name} takes weights up to {MOST_WEIGHT:g}, got {largest:g}; scale the weights down")
    return by_user


def model_of(
    dataset: Dataset, by_user: sparse.csr_matrix, pairs: sparse.csc_matrix, history_half_life_days: float | None
) -> ItemPairs:
    """The model whose item i speaks for item j by ``pairs[i, j]``, float32 (n_items, n_items)."""
    rows = pairs.tocsr()
    fading = np.inf if history_half_life_days is None else history_half_life_days
    return ItemPairs(
        Known(dataset.users, dataset.items, dataset.histories()),
        rows.indptr.astype(np.int64),
        rows.indices.astype(np.int32, copy=False),
        rows.data,
        prior=shares(by_user),
        half_life_days=np.array([fading], dtype=np.float64),
        as_of=np.array([dataset.as_of], dtype=np.int64),
    )


def descent_cost(size: Size, numbers: float, passes: float = 100) -> Cost:
    """The cost of a descent that leaves so many numbers in each column; steps and gathers as measured."""
    n_items, result = float(size.n_items), BYTES_PER_NUMBER * numbers * size.n_items
    table = csr_bytes(size.n_users, size.n_pairs)
    if 4 * n_items**2 <= MOST_GRAM_BYTES and size.squared_histories >= n_items**2:
        steps = n_items * (800 * n_items + passes * numbers**2)
        return Cost(2 * table + 4 * n_items**2 + result, {STEPS: steps, GATHERS: size.squared_histories / 2})
    return Cost(4 * table + result, {GATHERS: numbers * size.squared_histories})
