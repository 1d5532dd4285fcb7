"""Where histories and facts lie as points: what a fitted model needs of them, without what learning needs."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.core.arrays import Frame, Index, Mask, Scores
from slatewright.data.encoding import FactsModel
from slatewright.data.histories import Histories


@dataclass(frozen=True, slots=True)
class EventSpace:
    """``item_vectors`` float32 (n_items, d).

    A history's vector is the sum of ``log(1 + weight) * item_vectors[item]`` over its items, brought to length 1.
    """

    item_vectors: Scores

    def of(self, histories: Histories) -> Scores:
        """The vector of each history, float32 (n, d), of length 1; zeros for a history that says nothing."""
        taken = dampened(histories.matrix(len(self.item_vectors)))
        return unit(np.asarray(taken @ self.item_vectors, dtype=np.float32))


def dampened(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """log(1 + weight) of each pair of positive weight; what was disliked says nothing of where somebody belongs."""
    kept = matrix.copy()
    kept.data = np.log1p(np.maximum(kept.data, 0)).astype(np.float32)
    kept.eliminate_zeros()
    return kept


def unit(rows: Scores) -> Scores:
    """Rows brought to length 1; zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    short = lengths <= 1e-12
    scaled: Scores = np.where(short, 0, rows / np.where(short, 1, lengths)).astype(np.float32)
    return scaled


def nearest(rows: Scores, centroids: Scores) -> Index:
    """The centroid with the least squared distance to each row, int32 (n,); ties go to the earlier one."""
    apart = np.square(centroids).sum(axis=1) - 2 * (rows @ centroids.T)
    found: Index = np.argmin(apart, axis=1).astype(np.int32)
    return found


def read_facts(model: FactsModel, facts: Frame) -> Scores:
    """Facts as the model encodes them, float32 (n, columns); a fact that is not among the columns is missing."""
    learned = (*model.numbers.names, *(fact.name for fact in model.categories))
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in learned if name not in facts.columns]
    return model.matrix(facts.with_columns(absent))


def has_facts(facts: Frame, n: int) -> Mask:
    """Whose facts are known, bool (n,): at least one is not null."""
    if facts.width == 0:
        return np.zeros(n, dtype=np.bool_)
    return facts.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_numpy()
