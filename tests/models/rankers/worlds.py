"""A table whose right order is known: what is taken follows from two features, and unknown values say something too."""

import numpy as np

from slatewright.core.arrays import Array
from slatewright.models.rankers import RankingTable


def questions(n: int = 60, rows: int = 30, *, unknown: float = 0.1, rng: int = 0) -> RankingTable:
    """``n`` questions of ``rows`` candidates with six features; only the first three matter."""
    random = np.random.default_rng(rng)
    values = random.normal(size=(n * rows, 6)).astype(np.float32)
    worth = values[:, 0] + values[:, 1] * (values[:, 2] > 0) + 0.3 * random.normal(size=n * rows)
    values[random.random(values.shape) < unknown] = np.nan
    offsets = np.arange(n + 1, dtype=np.int64) * rows
    names = tuple("abcdef")
    return RankingTable(names, values, offsets, worth > 1.2, np.ones(n * rows, dtype=np.float32))


def pairs_right(marks: Array, table: RankingTable) -> float:
    """The share of pairs of something taken and something not, of one question, that stand the right way round."""
    shares = []
    for begin, end in zip(table.offsets[:-1], table.offsets[1:], strict=True):
        one, taken = marks[begin:end], table.taken[begin:end]
        if 0 < taken.sum() < len(taken):
            shares.append((one[taken][:, None] > one[~taken]).mean())
    return float(np.mean(shares))
