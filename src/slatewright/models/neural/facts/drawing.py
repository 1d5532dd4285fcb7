"""What a sample sees of its user's history."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Index, Offsets, Scores, Weights
from slatewright.core.kernels import kernel
from slatewright.core.mixing import shifted
from slatewright.models.neural.batch import dealt


def other_items(
    taken: sparse.csr_matrix, users: Index, items: Index, length: int, rng: np.random.Generator
) -> tuple[Index, Scores]:
    """Up to ``length`` items that each user took, but for the item of the sample: int32 (n, length), filled up with 0,
    and the share of each, float32 (n, length), which sum to 1, or to 0 where there is no other item.

    Of longer histories ``length`` of them are drawn, each as likely as the others; one may come twice.
    """
    found = np.zeros((len(users), length), dtype=np.int32)
    shares = np.zeros((len(users), length), dtype=np.float32)
    seeds = rng.integers(1, 2**63, size=len(users), dtype=np.uint64)
    _draw(taken.indptr, taken.indices, users, items, seeds, found, shares)
    return found, shares


@kernel()
def _draw(offsets: Any, members: Any, users: Any, items: Any, seeds: Any, found: Any, shares: Any) -> None:
    length = found.shape[1]
    for row in range(len(users)):
        start, stop = offsets[users[row]], offsets[users[row] + 1]
        count, n, state = 0, stop - start, seeds[row]
        for at in range(start, stop):
            if n <= length + 1 and count < length and members[at] != items[row]:
                found[row, count] = members[at]
                count += 1
        if n > length + 1:
            for _ in range(length):
                state = shifted(state)
                item = members[start + np.int64(state % np.uint64(n))]
                if item != items[row]:
                    found[row, count] = item
                    count += 1
        for at in range(count):
            shares[row, at] = np.float32(1) / np.float32(count)


def dealt_in_full(n: int, batch_size: int, rng: np.random.Generator) -> Iterator[tuple[Offsets, Weights]]:
    """As ``dealt``, but all batches have ``batch_size`` samples however few there are: small data sets of equal fields
    share a step that is compiled once."""
    for at, share in dealt(n, batch_size, rng):
        weights = np.zeros(batch_size, dtype=np.float32)
        weights[: len(share)] = share
        yield np.resize(at, batch_size), weights


def latest_items(offsets: Array, items: Index, length: int) -> tuple[Index, Scores]:
    """The last ``length`` items of each history, int32 (n, length), filled up with 0, and their shares, as above."""
    lengths = np.minimum(np.diff(offsets), length)
    place = np.arange(length)
    there = place < lengths[:, None]
    at = np.where(there, offsets[1:, None] - lengths[:, None] + place, 0)
    found = np.where(there, items[at] if len(items) else 0, 0).astype(np.int32)
    return found, (there / np.maximum(lengths, 1)[:, None]).astype(np.float32)
