"""Rows in groups: k-means, and Ward's tree over k-means centres so that it scales."""

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from slatewright.core.arrays import Array, Index, Offsets, Scores
from slatewright.models.segments.ward import cut, ward

METHODS = ("kmeans", "hierarchical")
MOST_LEAVES = 500  # a tree has at most so many leaves; more rows are first gathered into so many k-means centres
MINI_BATCH = 200_000  # beyond so many rows k-means learns from batches of them
BATCH = 8192
STARTS = 4


@dataclass(frozen=True, slots=True)
class Clusters:
    """``labels`` int32 (n,), the largest cluster first; ``centroids`` float32 (k, d), means; ``sizes`` int64 (k,)."""

    labels: Index
    centroids: Scores
    sizes: Offsets

    def __len__(self) -> int:
        return len(self.sizes)

    def tree(self) -> Array:
        """How the clusters join by Ward's rule, float64 (k - 1, 4), as SciPy words it.

        Of clusters that were cut from a tree this is the part of the tree above the cut.
        """
        return ward(self.centroids, self.sizes)


def cluster(rows: Scores, n_segments: int, method: str, seed: int) -> Clusters:
    """Cut ``rows`` float32 (n, d), n at least 1, into ``n_segments`` groups; fewer where fewer rows differ."""
    if method == "kmeans":
        return _largest_first(rows, k_means(rows, n_segments, seed))
    leaves = k_means(rows, MOST_LEAVES, seed, starts=1)
    centres, sizes = means_of(rows, leaves)
    return _largest_first(rows, cut(ward(centres, sizes), n_segments)[leaves])


def k_means(rows: Scores, k: int, seed: int, *, starts: int = STARTS) -> Index:
    """The group of each row by k-means (Lloyd; above ``MINI_BATCH`` rows Sculley's mini-batches), int32 (n,).

    Groups without a row are left out. One thread, so that sums, and with them the groups, are the same on every run.
    """
    distinct = _distinct(rows, k)
    if distinct is not None:
        return distinct
    kind = KMeans if len(rows) <= MINI_BATCH else MiniBatchKMeans
    given = {} if kind is KMeans else {"batch_size": BATCH}
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different rows than groups: fewer groups
        labels = kind(k, n_init=starts, random_state=seed, **given).fit_predict(rows)
    return np.unique(labels, return_inverse=True)[1].astype(np.int32)


def _distinct(rows: Scores, k: int) -> Index | None:
    """One group per different row where there are at most k of them; None where there are more."""
    if len(np.unique(rows[: 2 * k], axis=0)) > k:
        return None
    kept, labels = np.unique(rows, axis=0, return_inverse=True)
    return labels.ravel().astype(np.int32) if len(kept) <= k else None


def means_of(rows: Scores, labels: Index) -> tuple[Scores, Offsets]:
    """The mean of each group, float32 (k, d), and its rows, int64 (k,)."""
    sizes = np.bincount(labels)
    order = np.argsort(labels, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    sums = np.add.reduceat(rows[order].astype(np.float64), starts, axis=0)
    return (sums / sizes[:, None]).astype(np.float32), sizes.astype(np.int64)


def _largest_first(rows: Scores, labels: Index) -> Clusters:
    sizes = np.bincount(labels)
    rank = np.empty(len(sizes), dtype=np.int32)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes), dtype=np.int32)
    return Clusters(rank[labels], *means_of(rows, rank[labels]))
