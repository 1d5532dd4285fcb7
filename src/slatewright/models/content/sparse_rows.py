"""A sparse matrix as three arrays that can be memory-mapped, and the weighted sums of its rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Arrays, Index, Offsets, Scores
from slatewright.core.chunks import chunks_of, in_chunks
from slatewright.core.kernels import kernel
from slatewright.data.histories import Histories


@dataclass(frozen=True, slots=True)
class SparseRows:
    """Row r: ``values`` float32 at ``columns`` int32, from ``offsets[r]`` to ``offsets[r + 1]``: int64 (rows + 1,)."""

    offsets: Offsets
    columns: Index
    values: Scores

    @classmethod
    def of(cls, matrix: sparse.csr_matrix) -> "SparseRows":
        """The rows of a CSR matrix."""
        return cls(
            matrix.indptr.astype(np.int64),
            matrix.indices.astype(np.int32, copy=False),
            matrix.data.astype(np.float32, copy=False),
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def matrix(self, n_columns: int) -> sparse.csr_matrix:
        """As CSR again; shares memory."""
        return sparse.csr_matrix((self.values, self.columns, self.offsets), shape=(len(self), n_columns))

    def arrays(self, prefix: str) -> Arrays:
        """The three arrays, each name after a prefix."""
        return {f"{prefix}_{name}": getattr(self, name) for name in ("offsets", "columns", "values")}

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str) -> "SparseRows":
        return cls(*(arrays[f"{prefix}_{name}"] for name in ("offsets", "columns", "values")))


def likenesses(histories: Histories, rows: SparseRows, postings: SparseRows, items: Index | None) -> Scores:
    """Each history's sum of weight times the inner product of its items' rows with every row, float32 (n, items).

    ``postings`` are the columns of ``rows``: the same matrix, transposed. For some items only their rows are read, for
    all of them only the postings of what the history has.
    """
    width = len(rows) if items is None else len(items)
    out = np.zeros((len(histories), width), dtype=np.float32)
    per_event = len(rows.columns) // max(1, len(rows)) + 1
    work = histories.offsets * per_event * 4 + np.arange(len(histories.offsets)) * (width + 1)

    def fill(begin: int, end: int) -> None:
        starts = histories.offsets[begin : end + 1]
        told = (starts, histories.items, histories.weights, rows.offsets, rows.columns, rows.values)
        if items is None:
            _spread(*told, postings.offsets, postings.columns, postings.values, out[begin:end])
        else:
            _collect(*told, items, len(postings), out[begin:end])

    in_chunks(fill, chunks_of(work))
    return out


def times_dense(matrix: sparse.csr_matrix, dense: Scores) -> Scores:
    """``matrix @ dense`` of CSR float32 (n, m) and float32 (m, d), rows shared among threads."""
    out = np.zeros((matrix.shape[0], dense.shape[1]), dtype=np.float32)
    dense = np.ascontiguousarray(dense)

    def fill(begin: int, end: int) -> None:
        _times_dense(matrix.indptr[begin : end + 1], matrix.indices, matrix.data, dense, out[begin:end])

    in_chunks(fill, chunks_of(matrix.indptr.astype(np.int64) * dense.shape[1] + np.arange(len(matrix.indptr))))
    return out


@kernel(fastmath=True)
def _times_dense(offsets: Any, columns: Any, values: Any, dense: Any, out: Any) -> None:
    for row in range(len(out)):
        for at in range(offsets[row], offsets[row + 1]):
            value, column = values[at], columns[at]
            for f in range(dense.shape[1]):
                out[row, f] += value * dense[column, f]


@kernel(fastmath=True)
def _profile(
    first: Any, last: Any, items: Any, weights: Any, offsets: Any, columns: Any, values: Any, profile: Any, had: Any
) -> Any:
    """Add up the rows of some events in ``profile``; their columns are put in ``had``. Gives how many there are."""
    count = 0
    for event in range(first, last):
        for at in range(offsets[items[event]], offsets[items[event] + 1]):
            column = columns[at]
            if profile[column] == 0:
                had[count] = column
                count += 1
            profile[column] += weights[event] * values[at]
    return count


@kernel(fastmath=True)
def _spread(
    starts: Any, items: Any, weights: Any, offsets: Any, columns: Any, values: Any,
    ends: Any, owners: Any, amounts: Any, out: Any,
) -> None:  # fmt: skip
    profile = np.zeros(len(ends) - 1, dtype=np.float32)
    longest = 1
    for row in range(len(out)):
        total = 0
        for event in range(starts[row], starts[row + 1]):
            total += offsets[items[event] + 1] - offsets[items[event]]
        longest = max(longest, total)
    had = np.empty(longest, dtype=np.int32)
    for row in range(len(out)):
        count = _profile(starts[row], starts[row + 1], items, weights, offsets, columns, values, profile, had)
        for one in range(count):
            share = profile[had[one]]
            profile[had[one]] = 0  # met again below, it adds nothing
            if share != 0:
                for at in range(ends[had[one]], ends[had[one] + 1]):
                    out[row, owners[at]] += share * amounts[at]


@kernel(fastmath=True)
def _collect(
    starts: Any, items: Any, weights: Any, offsets: Any, columns: Any, values: Any, asked: Any, n_columns: Any, out: Any
) -> None:
    profile = np.zeros(n_columns, dtype=np.float32)
    for row in range(len(out)):
        for event in range(starts[row], starts[row + 1]):
            for at in range(offsets[items[event]], offsets[items[event] + 1]):
                profile[columns[at]] += weights[event] * values[at]
        for column in range(len(asked)):
            for at in range(offsets[asked[column]], offsets[asked[column] + 1]):
                out[row, column] += profile[columns[at]] * values[at]
        for event in range(starts[row], starts[row + 1]):
            for at in range(offsets[items[event]], offsets[items[event] + 1]):
                profile[columns[at]] = 0
