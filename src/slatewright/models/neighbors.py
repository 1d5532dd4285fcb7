"""The nearest neighbours of every item by shrunk cosine, without ever holding the n x n matrix."""

from typing import Any

import numba
import numpy as np
from scipy import sparse

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.kernels import kernel, one_at_a_time
from slatewright.models.topk import arrange, push

CHUNKS_PER_THREAD = 16


def nearest(by_item: sparse.csr_matrix, n_neighbors: int, shrinkage: float) -> tuple[Offsets, Index, Scores]:
    """For each item its ``n_neighbors`` most similar others, best first, ties by item index.

    ``by_item`` CSR float32 (n_items, n_users). The similarity of items i and j is ``<i, j> / (|i| |j| + shrinkage)``;
    only positive ones are kept. Gives a CSR: offsets int64 (n_items + 1,), neighbors int32, similarities float32.
    """
    n_items = by_item.shape[0]
    by_user = by_item.T.tocsr()
    width = max(1, min(n_neighbors, n_items - 1))
    lengths = np.sqrt(np.asarray(by_item.multiply(by_item).sum(axis=1), dtype=np.float32).ravel())
    neighbors = np.zeros((n_items, width), dtype=np.int32)
    similarities = np.zeros((n_items, width), dtype=np.float32)
    counts = np.zeros(n_items, dtype=np.int64)
    bounds = _balanced(by_item, by_user, CHUNKS_PER_THREAD * numba.get_num_threads())
    with one_at_a_time():
        _fill(
            bounds, by_item.indptr, by_item.indices, by_item.data, by_user.indptr, by_user.indices, by_user.data,
            lengths, np.float32(shrinkage), neighbors, similarities, counts,
        )  # fmt: skip
    kept = np.arange(width) < counts[:, None]
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), neighbors[kept], similarities[kept]


def _balanced(by_item: sparse.csr_matrix, by_user: sparse.csr_matrix, chunks: int) -> Offsets:
    """Item bounds of chunks with about equal work: the lengths of all histories an item occurs in."""
    work = np.concatenate([[0], np.cumsum(np.diff(by_user.indptr)[by_item.indices])])[by_item.indptr]
    return np.searchsorted(work, np.linspace(0, work[-1], chunks + 1)[1:-1], side="right").astype(np.int64)


@kernel(parallel=True, fastmath=True)
def _fill(
    bounds: Any, item_offsets: Any, users: Any, item_weights: Any, user_offsets: Any, items: Any, user_weights: Any,
    lengths: Any, shrinkage: Any, neighbors: Any, similarities: Any, counts: Any,
) -> None:  # fmt: skip
    n_items = len(counts)
    for chunk in numba.prange(len(bounds) + 1):
        begin = bounds[chunk - 1] if chunk > 0 else 0
        end = bounds[chunk] if chunk < len(bounds) else n_items
        sums = np.zeros(n_items, dtype=np.float32)
        met = np.zeros(n_items, dtype=np.bool_)
        others = np.empty(n_items, dtype=np.int32)
        for item in range(begin, end):
            span = slice(item_offsets[item], item_offsets[item + 1])
            size = _meet(users[span], item_weights[span], user_offsets, items, user_weights, sums, met, others)
            counts[item] = _keep(item, others[:size], sums, lengths, shrinkage, neighbors[item], similarities[item])
            for at in range(size):
                sums[others[at]] = 0
                met[others[at]] = False


@kernel(fastmath=True)
def _meet(
    users: Any, weights: Any, offsets: Any, items: Any, user_weights: Any, sums: Any, met: Any, others: Any
) -> Any:
    """Add up the products with every item that shares a user; gives how many items those are."""
    size = 0
    for at in range(len(users)):
        user, weight = users[at], weights[at]
        for entry in range(offsets[user], offsets[user + 1]):
            other = items[entry]
            if not met[other]:
                met[other] = True
                others[size] = other
                size += 1
            sums[other] += weight * user_weights[entry]
    return size


@kernel(fastmath=True)
def _keep(item: Any, others: Any, sums: Any, lengths: Any, shrinkage: Any, neighbors: Any, similarities: Any) -> Any:
    count = 0
    for at in range(len(others)):
        other = others[at]
        if other != item and sums[other] > 0:
            similarity = sums[other] / (lengths[item] * lengths[other] + shrinkage)
            count = push(similarity, other, similarities, neighbors, count)
    arrange(similarities, neighbors, count)
    return count
