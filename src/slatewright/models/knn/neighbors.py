"""The nearest neighbours of every item by shrunk cosine, without ever holding the n x n matrix."""

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.kernels import kernel
from slatewright.models.chunks import chunks_of, in_chunks
from slatewright.models.topk import arrange, push


class Lists(NamedTuple):
    """Lists end to end: the bounds (or lengths) of each, its members, and a number for each member."""

    bounds: Any
    members: Any
    numbers: Any


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

    table = Lists(by_user.indptr, by_user.indices, by_user.data)

    def fill(begin: int, end: int) -> None:
        asked = Lists(by_item.indptr[begin : end + 1], by_item.indices, by_item.data)
        found = Lists(counts[begin:end], neighbors[begin:end], similarities[begin:end])
        _fill(begin, asked, table, lengths, np.float32(shrinkage), found)

    in_chunks(fill, chunks_of(_work(by_item, by_user)))
    kept = np.arange(width) < counts[:, None]
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), neighbors[kept], similarities[kept]


def _work(by_item: sparse.csr_matrix, by_user: sparse.csr_matrix) -> Offsets:
    """The work of all items before each: the lengths of the histories they occur in, int64 (n_items + 1,)."""
    lengths = np.diff(by_user.indptr)[by_item.indices]
    work: Offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])[by_item.indptr]
    return work


@kernel(fastmath=True)
def _fill(first: Any, by_item: Lists, by_user: Lists, lengths: Any, shrinkage: Any, found: Lists) -> None:
    """The neighbours of the items from ``first`` on, whose users are the lists of ``by_item``."""
    counts, neighbors, similarities = found
    sums = np.zeros(len(lengths), dtype=np.float32)
    met = np.zeros(len(lengths), dtype=np.bool_)
    others = np.empty(len(lengths), dtype=np.int32)
    for row in range(len(counts)):
        begin, end = by_item.bounds[row], by_item.bounds[row + 1]
        size = _meet(by_item.members[begin:end], by_item.numbers[begin:end], by_user, sums, met, others)
        counts[row] = _keep(first + row, others[:size], sums, lengths, shrinkage, neighbors[row], similarities[row])
        for at in range(size):
            sums[others[at]] = 0
            met[others[at]] = False


@kernel(fastmath=True)
def _meet(users: Any, weights: Any, by_user: Lists, sums: Any, met: Any, others: Any) -> Any:
    """Add up the products with every item that shares a user; gives how many items those are."""
    size = 0
    for at in range(len(users)):
        user, weight = users[at], weights[at]
        for entry in range(by_user.bounds[user], by_user.bounds[user + 1]):
            other = by_user.members[entry]
            if not met[other]:
                met[other] = True
                others[size] = other
                size += 1
            sums[other] += weight * by_user.numbers[entry]
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
