"""What the neighbours are found by: who took what, faded, cut and weighed."""

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Mask
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models.fading import faded_histories
from slatewright.models.knn.item_weighting import weighted

TINY = 1e-20


def taken(dataset: Dataset, half_life_days: float | None, longest_history: int | None) -> sparse.csr_matrix:
    """Who took what: summed faded weights, CSR float32 (n_users, n_items), the latest events of each user only."""
    histories = dataset.histories()
    if longest_history is not None and (histories.lengths() > longest_history).any():
        histories = histories.only(latest(histories, longest_history))
    return faded_histories(histories, dataset.as_of, half_life_days).matrix(dataset.n_items)


def latest(histories: Histories, most: int) -> Mask:
    """Which events are among the last ``most`` of their history, bool (events,)."""
    after = np.repeat(histories.offsets[1:], histories.lengths()) - np.arange(len(histories.items))
    return np.asarray(after <= most)


def vectors_of(by_user: sparse.csr_matrix, weighting: str, activity_discount: float) -> sparse.csr_matrix:
    """The items as rows of weights, CSR float32 (n_items, n_users), 1 in the root mean square.

    A weight is divided by (items of the user) ** ``activity_discount``. The scale leaves similarities as they are and
    gives ``shrinkage`` one meaning, whatever an event weighs.
    """
    by_item = by_user.T.tocsr()
    scale = float(np.abs(by_user.data).max(initial=0)) or 1.0
    by_item.data /= np.float32(scale)
    by_item = weighted(by_item, weighting)
    if activity_discount:
        lengths = np.maximum(np.diff(by_user.indptr), 1).astype(np.float64)
        by_item.data *= (lengths**-activity_discount).astype(np.float32)[by_item.indices]
    if by_item.nnz:
        mean_square = float(np.square(by_item.data, dtype=np.float64).mean())
        by_item.data /= np.float32(np.sqrt(max(mean_square, TINY)))
    return by_item
