"""What the neighbours are found by: who took what, faded, cut and weighed."""

from typing import Annotated, TypeAlias

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Mask, Offsets
from slatewright.core.knobs import Knob
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models.fading import faded_histories
from slatewright.models.knn.item_weighting import weighted

TINY = 1e-20
LongestHistory: TypeAlias = Annotated[
    int | None, Knob("only so many latest events of a user teach; none: all", least=2, search=(100, 10_000))
]


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


def latest_audiences(by_item: sparse.csr_matrix, histories: Histories, most: int | None) -> sparse.csr_matrix:
    """The same rows, CSR (n_items, n_users), of each item only the ``most`` users who had it last."""
    sizes = np.diff(by_item.indptr)
    if most is None or sizes.max(initial=0) <= most:
        return by_item
    n_users = by_item.shape[1]
    items = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    full = np.flatnonzero(sizes[items] > most)  # entries of the items that lose some
    last = _last_times(items[full] * n_users + by_item.indices[full], histories, sizes > most)
    order = np.lexsort((by_item.indices[full], -last, items[full]))
    before = np.concatenate([[0], np.cumsum(np.where(sizes > most, sizes, 0))])[:-1]
    place = np.arange(len(full)) - before[items[full]]  # of each entry in its item's order
    kept = np.ones(by_item.nnz, dtype=np.bool_)
    kept[full[order[place >= most]]] = False
    offsets = np.concatenate([[0], np.cumsum(np.minimum(sizes, most))])
    return sparse.csr_matrix((by_item.data[kept], by_item.indices[kept], offsets), shape=by_item.shape)


def _last_times(pairs: Offsets, histories: Histories, chosen: Mask) -> Offsets:
    """The last time of each pair, item x users + user, int64 (pairs,); only ``chosen`` items are looked at."""
    events = np.flatnonzero(chosen[histories.items])
    users = np.searchsorted(histories.offsets, events, side="right") - 1
    of_events = histories.items[events].astype(np.int64) * len(histories) + users
    order = np.lexsort((histories.times[events], of_events))
    ends = np.searchsorted(of_events[order], pairs, side="right") - 1
    times: Offsets = histories.times[events][order[ends]]
    return times


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
