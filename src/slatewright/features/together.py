"""Which items go together: the cosine of how often two are in one basket, for the features of a bundle."""

from itertools import pairwise

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Offsets
from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.features.happenings import Happened
from slatewright.features.layout import EVERY_KIND, RETURNED, SHOWN, Pairs, no_pairs
from slatewright.features.plan import Basket

_MOST_ITEMS = 100  # a larger basket says little about any two of its items, and has thousands of pairs
MOST_PAIRS = 2_000_000  # of items that are counted at once, some 60 bytes each


def learn_pairs(happened: Happened, basket: Basket, kind: int, n_items: int) -> Pairs:
    """The items that go with each item, strongest first, at most ``basket.n_neighbors`` of each."""
    acts = happened.acts
    counts = acts.kinds == kind if kind != EVERY_KIND else (acts.kinds != SHOWN) & (acts.kinds != RETURNED)
    chosen = happened.only(counts)
    if len(chosen.users) == 0:
        return no_pairs(n_items)
    matrix = _baskets(chosen, basket.minutes, n_items)
    often = np.sqrt(np.maximum(np.bincount(matrix.indices, minlength=n_items), 1))
    transposed = matrix.T.tocsr()
    parts = [
        _strongest(transposed[begin:end] @ matrix, begin, often, basket.n_neighbors)
        for begin, end in pairwise(_blocks(matrix, transposed))
    ]
    counted = np.concatenate([lengths for lengths, _, _ in parts])
    offsets = np.concatenate([[0], np.cumsum(counted)]).astype(np.int64)
    items, strengths = (np.concatenate([part[at] for part in parts]) for at in (1, 2))
    return Pairs(offsets, items.astype(np.int32), strengths.astype(np.float32))


def _blocks(matrix: sparse.csr_matrix, transposed: sparse.csr_matrix) -> list[int]:
    """Where blocks of items begin and end: none has more than ``MOST_PAIRS`` pairs, unless one item alone has."""
    n_items = matrix.shape[1]
    others = transposed @ (np.diff(matrix.indptr) - 1.0)  # at most so many items share a basket with each
    upto = np.cumsum(np.minimum(others, n_items) + 1)
    ends, done = [0], 0.0
    while ends[-1] < n_items:
        ends.append(max(ends[-1] + 1, int(np.searchsorted(upto, done + MOST_PAIRS, side="right"))))
        done = float(upto[ends[-1] - 1])
    return ends


def _baskets(happened: Happened, minutes: float, n_items: int) -> sparse.csr_matrix:
    """Which basket holds which item: 1s, float32 (n_baskets, n_items); baskets of too many items are left out."""
    order = np.argsort(happened.users, kind="stable")  # by user, then time
    user, time, item = happened.users[order], happened.acts.times[order], happened.acts.items[order]
    pause = round(minutes / (24 * 60) * MICROSECONDS_PER_DAY)
    begins = np.ones(len(user), dtype=np.bool_)
    begins[1:] = (user[1:] != user[:-1]) | (time[1:] - time[:-1] > pause)
    number = np.cumsum(begins) - 1
    ones = np.ones(len(item), dtype=np.float32)
    matrix = sparse.csr_matrix((ones, (number, item)), shape=(int(number[-1]) + 1, n_items))
    matrix.data[:] = 1.0
    lengths = np.diff(matrix.indptr)
    return matrix[(lengths > 1) & (lengths <= _MOST_ITEMS)]


def _strongest(both: sparse.csr_matrix, begin: int, often: Array, most: int) -> tuple[Offsets, Array, Array]:
    """How many neighbours each row keeps, which they are and how strong, of rows from ``begin`` on."""
    row = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr))
    strength = both.data / (often[begin + row] * often[both.indices])
    others = both.indices != begin + row
    row, item, strength = row[others], both.indices[others], strength[others]
    order = np.lexsort((item, -strength, row))
    row, item, strength = row[order], item[order], strength[order]
    first = np.searchsorted(row, np.arange(both.shape[0]))
    kept = np.arange(len(row)) - first[row] < most
    return np.bincount(row[kept], minlength=both.shape[0]), item[kept], strength[kept]
