"""What the sparse linear models share: a table of weights in, pairs of items out, as a model."""

import numpy as np
from scipy import sparse

from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.models.costs import GATHERS, STEPS, Cost, Size
from slatewright.models.fading import faded_histories
from slatewright.models.linear.elastic_net import MOST_GRAM_BYTES
from slatewright.models.model import Known
from slatewright.models.popularity import shares
from slatewright.models.shapes.item_pairs import ItemPairs

MOST_WEIGHT = 1e9  # squares of larger weights, summed, leave nothing of float32
BYTES_PER_NUMBER = 20  # of the result, while it is collected and turned
GRAM_PASSES, TABLE_PASSES = 24, 27  # over the numbers of a column, and over the items tried for it, as measured


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


def descent_cost(size: Size, numbers: float, tried: float) -> Cost:
    """The cost of a descent that leaves so many numbers in each column, of so many items tried; as measured.

    On the Gram matrix a step walks a row of it. On the table it walks the users of the item tried, and the items tried
    are popular ones.
    """
    n_items, result = float(size.n_items), BYTES_PER_NUMBER * numbers * size.n_items
    if on_gram(size):
        work = {STEPS: GRAM_PASSES * numbers * n_items**2, GATHERS: size.squared_histories}
        return Cost(36.0 * size.n_pairs + 4 * n_items**2 + result, work)
    users = size.squared_audiences / max(size.n_pairs, 1)
    work = {GATHERS: TABLE_PASSES * n_items * tried * users + size.squared_histories}
    return Cost(21.0 * size.n_pairs + result, work)


def on_gram(size: Size) -> bool:
    """Whether a descent runs on the Gram matrix, as ``gram_pays`` decides it."""
    return 4.0 * size.n_items**2 <= MOST_GRAM_BYTES and size.squared_histories >= size.n_items**2
