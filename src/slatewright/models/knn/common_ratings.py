"""How alike two items (or two users) are by the ratings of those who rated both, and only of those."""

from typing import Any

import numpy as np

from slatewright.core.arrays import Index, Offsets, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.models.knn.neighbors import Lists
from slatewright.models.knn.selecting import SPARE, cut

SIMILARITIES = ("pearson", "cosine", "msd")
MSD = SIMILARITIES.index("msd")


def nearest_by_ratings(
    rows: Lists, columns: Lists, n_kept: int, kind: int, shrinkage: float
) -> tuple[Offsets, Index, Scores]:
    """For each row its ``n_kept`` most similar others, by the columns that both have; CSR as ``nearest`` gives.

    ``rows`` and ``columns`` are the same numbers by row and by column: deviations for ``pearson`` (the correlation
    around what they deviate from), ratings for ``cosine`` and ``msd``, 1 / (1 + mean squared difference). All are
    multiplied by (n - 1) / (n - 1 + ``shrinkage``), n being how many columns they share.
    """
    n = len(rows.bounds) - 1
    lengths = np.diff(columns.bounds)[rows.members]
    work = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])[rows.bounds]

    def fill(begin: int, end: int) -> tuple[Offsets, Index, Scores]:
        most = np.minimum(np.diff(work)[begin:end], max(1, min(n_kept, n - 1)))
        room = int(most.sum())
        counts = np.zeros(end - begin, dtype=np.int64)
        members, numbers = np.zeros(room, dtype=np.int32), np.zeros(room, dtype=np.float32)
        part = Lists(rows.bounds[begin : end + 1], rows.members, rows.numbers)
        _fill(begin, part, columns, kind, np.float32(shrinkage), most, counts, members, numbers)
        return counts, members[: counts.sum()].copy(), numbers[: counts.sum()].copy()

    parts = in_chunks(fill, chunks_of(work))
    counts, members, numbers = (np.concatenate(part) for part in zip(*parts, strict=True))
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), members, numbers


@kernel(fastmath=True)
def _fill(
    first: Any, rows: Lists, columns: Lists, kind: Any, shrinkage: Any, most: Any, counts: Any, members: Any,
    numbers: Any,
) -> None:  # fmt: skip
    n, widest = len(columns.bounds) - 1, 0
    for at in range(len(columns.members)):
        n = max(n, columns.members[at] + 1)
    for row in range(len(most)):
        widest = max(widest, most[row])
    sums, others = np.zeros((n, 4), dtype=np.float32), np.empty(n, dtype=np.int32)
    room = 2 * widest + SPARE
    best, who, keys = np.empty(room, dtype=np.float32), np.empty(room, dtype=np.int32), np.empty(room, dtype=np.uint64)
    written = 0
    for row in range(len(most)):
        begin, end, count = rows.bounds[row], rows.bounds[row + 1], 0
        size = gather(rows.members[begin:end], rows.numbers[begin:end], columns, sums, others)
        for at in range(size):
            other = others[at]
            alike = likeness(sums[other], kind, shrinkage)
            sums[other] = 0
            if alike > 0 and other != first + row:
                best[count], who[count] = alike, other
                count += 1
                if count == room:
                    cut(best, who, count, most[row], keys)
                    count = most[row]
        cut(best, who, count, most[row], keys)
        counts[row] = min(count, most[row])
        members[written : written + counts[row]] = who[: counts[row]]
        numbers[written : written + counts[row]] = best[: counts[row]]
        written += counts[row]


@kernel(fastmath=True)
def gather(columns_of: Any, numbers: Any, columns: Lists, sums: Any, others: Any) -> Any:
    """Add up, for every row that shares a column, the products, both squares and the count: ``sums`` (n, 4).

    Gives how many of ``others`` there are."""
    size = 0
    for at in range(len(columns_of)):
        one = numbers[at]
        for entry in range(columns.bounds[columns_of[at]], columns.bounds[columns_of[at] + 1]):
            other, number = columns.members[entry], columns.numbers[entry]
            if sums[other, 3] == 0:
                others[size] = other
                size += 1
            sums[other, 0] += one * number
            sums[other, 1] += one * one
            sums[other, 2] += number * number
            sums[other, 3] += 1
    return size


@kernel(fastmath=True)
def likeness(sums: Any, kind: Any, shrinkage: Any) -> Any:
    """The similarity that four sums of ``gather`` make, float32; 0 where they say nothing."""
    if kind == MSD:
        apart = max(sums[1] + sums[2] - 2 * sums[0], np.float32(0)) / sums[3]
        alike = np.float32(1) / (np.float32(1) + apart)
    else:
        below = np.sqrt(sums[1] * sums[2])
        alike = sums[0] / below if below > np.float32(1e-12) else np.float32(0)
    if shrinkage > 0:
        alike *= (sums[3] - 1) / (sums[3] - 1 + shrinkage)
    return np.float32(alike)
