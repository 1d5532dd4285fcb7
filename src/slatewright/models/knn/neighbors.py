"""The nearest neighbours of every item, without ever holding the n x n matrix.

Row by row: the products with all items that share a user are added up in one dense row, turned into similarities, and
the best of them are kept. The cost is the sum of the squared lengths of the histories.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Offsets, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.models.costs import GATHERS, SORTED, Cost, Size
from slatewright.models.knn.selecting import best_of, room_for

SMALL = np.float32(1e-30)  # below every denominator that means anything


class Lists(NamedTuple):
    """Lists end to end: the bounds int64 of each, its members int32, and a number float32 for each member."""

    bounds: Any
    members: Any
    numbers: Any

    @classmethod
    def of(cls, matrix: sparse.csr_matrix) -> "Lists":
        """The rows of a CSR matrix; shares its members and numbers."""
        return cls(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32, copy=False), matrix.data)


class Likeness(NamedTuple):
    """How a product of two items becomes a similarity.

    ``(<i, j> - shifts[i] shifts[j]) / (lengths[i] lengths[j] + shrinkage) * gains[j]``, arrays float32 (n_items,). With
    ``joint`` the denominator is ``lengths[i]^2 + lengths[j]^2 - <i, j> + shrinkage`` instead.
    """

    lengths: Any
    shifts: Any
    gains: Any
    shrinkage: Any
    joint: bool


def likeness_of(by_item: sparse.csr_matrix, similarity: str, shrinkage: float, asymmetry: float = 0.0) -> Likeness:
    """Of the rows of ``by_item`` (n_items, n_users) by ``cosine``, ``jaccard`` or ``pearson``.

    Jaccard is that of weighted sets (Tanimoto). Pearson takes an absent pair for a 0. With an ``asymmetry`` e the
    similarity of j to i is multiplied by ``n_j^(e/2)``, n_j being how many took j; its counterpart, a division by
    ``n_i^(e/2)``, is left to the caller.
    """
    squares = squared_lengths(by_item)
    n_items, n_users = by_item.shape
    sums = np.asarray(by_item.sum(axis=1), dtype=np.float64).ravel()
    shifts = sums / np.sqrt(max(n_users, 1)) if similarity == "pearson" else np.zeros(n_items)
    spread = squares - shifts**2
    gains = np.maximum(np.diff(by_item.indptr), 1) ** (asymmetry / 2)
    constant = spread <= 1e-6 * squares  # everybody's item: like nothing, and nothing may be divided by it
    lengths = np.where(constant, 1e15, np.sqrt(np.maximum(spread, 0)))
    lengths, shifts, gains = (array.astype(np.float32) for array in (lengths, shifts, gains))
    return Likeness(lengths, shifts, gains, np.float32(shrinkage), similarity == "jaccard")


def squared_lengths(by_item: sparse.csr_matrix) -> Array:
    """The sum of squares of each row, float64 (n,)."""
    squares = np.square(by_item.data, dtype=np.float64)
    ends = np.concatenate([[0], np.cumsum(squares)])[by_item.indptr]
    return np.maximum(np.diff(ends), 0) if len(ends) > 1 else np.zeros(0)


def nearest(
    by_item: sparse.csr_matrix, n_neighbors: int, likeness: Likeness, by_user: sparse.csr_matrix | None = None
) -> tuple[Offsets, Index, Scores]:
    """For each item its ``n_neighbors`` most similar others, in no order; of equal ones those of lower index.

    ``by_item`` CSR float32 (n_items, n_users); ``by_user`` (n_users, n_items) is the other side of the products where
    it is not the same matrix. Only positive similarities are kept. Gives a CSR: offsets int64 (n_items + 1,),
    neighbors int32, similarities float32.
    """
    asked, table = Lists.of(by_item), Lists.of(by_item.T.tocsr() if by_user is None else by_user)
    work = _work(asked, table)
    most = np.minimum(np.diff(work), max(1, min(n_neighbors, by_item.shape[0] - 1)))
    room = np.concatenate([[0], np.cumsum(most)]).astype(np.int64)
    neighbors, similarities = np.zeros(room[-1], dtype=np.int32), np.zeros(room[-1], dtype=np.float32)
    counts = np.zeros(by_item.shape[0], dtype=np.int64)

    def fill(begin: int, end: int) -> None:
        rows = Lists(asked.bounds[begin : end + 1], asked.members, asked.numbers)
        found = Lists(room[begin : end + 1], neighbors, similarities)
        _fill(begin, rows, table, likeness, found, counts[begin:end])

    in_chunks(fill, chunks_of(work))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    _close_up(room, offsets, neighbors, similarities)
    for array in (neighbors, similarities):
        array.resize(offsets[-1], refcheck=False)
    return offsets, neighbors, similarities


def rows_times(offsets: Offsets, numbers: Scores, factors: Array) -> Scores:
    """Each row of a CSR times a factor, float32 (entries,)."""
    scaled: Scores = numbers * np.repeat(factors, np.diff(offsets)).astype(np.float32)
    return scaled


def cost_of_pairs(size: Size, n_neighbors: int, longest_history: int | None, *, copied: float = 0.0) -> Cost:
    """What ``nearest`` costs on the vectors of a data set, the making of the vectors included.

    ``copied``: bytes more for each neighbour kept."""
    met = (
        size.squared_histories
        if longest_history is None
        else min(size.squared_histories, size.n_pairs * longest_history)
    )
    kept = min(float(size.n_items) * n_neighbors, met)
    return Cost(45.0 * size.n_pairs + (10.0 + copied) * kept, {GATHERS: met, SORTED: 40.0 * size.n_pairs})


def _work(by_item: Lists, by_user: Lists) -> Offsets:
    """The work of all items before each: the lengths of the histories they occur in, int64 (n_items + 1,)."""
    lengths = np.diff(by_user.bounds)[by_item.members]
    work: Offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])[by_item.bounds]
    return work


@kernel(fastmath=True)
def _fill(first: Any, by_item: Lists, by_user: Lists, likeness: Likeness, kept: Lists, counts: Any) -> None:
    """The neighbours of the items from ``first`` on, whose users are the lists of ``by_item``."""
    n_items, most = len(likeness.lengths), longest_of(kept.bounds)
    sums, found = np.zeros(n_items, dtype=np.float32), np.empty(n_items, dtype=np.float32)
    others = np.empty(n_items + longest_of(by_user.bounds) + 1, dtype=np.int32)
    room = room_for(n_items)
    numbers, members = np.empty(most, dtype=np.float32), np.empty(most, dtype=np.int32)
    for row in range(len(counts)):
        begin, end, start = by_item.bounds[row], by_item.bounds[row + 1], kept.bounds[row]
        size = meet(by_item.members[begin:end], by_item.numbers[begin:end], by_user, sums, others)
        sums[first + row] = 0
        wanted = kept.bounds[row + 1] - start
        length, shift = likeness.lengths[first + row], likeness.shifts[first + row]
        compare(length, shift, others, size, sums, likeness, found)
        count = best_of(others, found, size, wanted, room, numbers, members)
        counts[row] = count
        kept.members[start : start + count] = members[:count]
        kept.numbers[start : start + count] = numbers[:count]


@kernel(fastmath=True)
def longest_of(bounds: Any) -> Any:
    """The length of the longest list."""
    longest = 0
    for row in range(len(bounds) - 1):
        longest = max(longest, bounds[row + 1] - bounds[row])
    return longest


@kernel(fastmath=True)
def meet(users: Any, weights: Any, by_user: Lists, sums: Any, others: Any) -> Any:
    """Add up the products with every item that shares a user; gives how many of ``others`` may not be 0.

    An item is noted whenever its sum is 0, so twice where a sum went back to 0: whoever reads a sum resets it, and the
    second reading finds a 0. Where as many are noted as there are items, all items are."""
    size, n_items = 0, len(sums)
    for at in range(len(users)):
        weight, begin, end = weights[at], by_user.bounds[users[at]], by_user.bounds[users[at] + 1]
        members, numbers = by_user.members[begin:end], by_user.numbers[begin:end]
        for entry in range(end - begin):
            other = np.uint32(members[entry])  # an index that cannot count from the end saves a third of the time
            known = sums[other]
            others[size] = other
            size += known == 0
            sums[other] = known + weight * numbers[entry]
        size = min(size, n_items)
    if size == n_items:
        for item in range(n_items):
            others[item] = item
    return size


@kernel(fastmath=True)
def compare(length: Any, shift: Any, others: Any, size: Any, sums: Any, likeness: Likeness, found: Any) -> None:
    """Turn the sums of ``others`` into similarities to the one asked about, ``found`` float32, and reset them."""
    lengths, shifts, gains, shrinkage, joint = likeness
    for at in range(size):
        other = others[at]
        product = sums[other]
        sums[other] = 0
        below = length * length + lengths[other] * lengths[other] - product if joint else length * lengths[other]
        above = product - shift * shifts[other] if product != 0 else np.float32(0)
        found[at] = above / max(below + shrinkage, SMALL) * gains[other]


@kernel()
def _close_up(room: Any, offsets: Any, neighbors: Any, similarities: Any) -> None:
    """Move the lists that begin at ``room`` together, in place."""
    for row in range(len(offsets) - 1):
        for at in range(offsets[row + 1] - offsets[row]):
            neighbors[offsets[row] + at] = neighbors[room[row] + at]
            similarities[offsets[row] + at] = similarities[room[row] + at]
