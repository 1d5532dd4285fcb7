"""The nearest neighbours of every item by shrunk cosine, without ever holding the n x n matrix."""

from typing import Any

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.kernels import kernel
from slatewright.models.chunks import chunks_of, in_chunks
from slatewright.models.topk import arrange, push


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

    def fill(begin: int, end: int) -> None:
        _fill(
            begin, by_item.indptr[begin : end + 1], by_item.indices, by_item.data,
            by_user.indptr, by_user.indices, by_user.data,
            lengths, np.float32(shrinkage), neighbors[begin:end], similarities[begin:end], counts[begin:end],
        )  # fmt: skip

    in_chunks(fill, chunks_of(_work(by_item, by_user)))
    kept = np.arange(width) < counts[:, None]
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), neighbors[kept], similarities[kept]


def _work(by_item: sparse.csr_matrix, by_user: sparse.csr_matrix) -> Offsets:
    """The work of all items before each: the lengths of the histories they occur in, int64 (n_items + 1,)."""
    lengths = np.diff(by_user.indptr)[by_item.indices]
    work: Offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])[by_item.indptr]
    return work


@kernel(fastmath=True)
def _fill(
    first: Any, item_offsets: Any, users: Any, item_weights: Any, user_offsets: Any, items: Any, user_weights: Any,
    lengths: Any, shrinkage: Any, neighbors: Any, similarities: Any, counts: Any,
) -> None:  # fmt: skip
    """The neighbours of the items from ``first`` on, one per row of ``neighbors``."""
    sums = np.zeros(len(lengths), dtype=np.float32)
    met = np.zeros(len(lengths), dtype=np.bool_)
    others = np.empty(len(lengths), dtype=np.int32)
    for row in range(len(counts)):
        begin, end = item_offsets[row], item_offsets[row + 1]
        size = _meet(users[begin:end], item_weights[begin:end], user_offsets, items, user_weights, sums, met, others)
        counts[row] = _keep(first + row, others[:size], sums, lengths, shrinkage, neighbors[row], similarities[row])
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
