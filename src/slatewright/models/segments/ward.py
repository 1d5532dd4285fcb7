"""Ward's tree over points that stand for many: each merge is the one that loses least.

Ward: Hierarchical grouping to optimize an objective function, JASA 58 (1963). Clustering a few hundred k-means centres
by their sizes gives the top of the tree of all points at a cost that does not grow with their number.
"""

import numpy as np

from slatewright.core.arrays import Array, Index, Offsets, Scores


def ward(centres: Scores, sizes: Offsets) -> Array:
    """The merges of n centres, from the first to the last, float64 (n - 1, 4), as SciPy's ``linkage`` words them.

    ``centres`` float32 (n, d); ``sizes`` (n,) points that each stands for. A row is two clusters (from n on they are
    the merges before), the height sqrt(2 a b / (a + b)) times their distance, and the centres in it. Ties go to the
    earlier centre. With all sizes 1 this is ``scipy.cluster.hierarchy.linkage(centres, "ward")``.
    """
    n = len(centres)
    points, weights = centres.astype(np.float64).copy(), sizes.astype(np.float64).copy()
    names, leaves = np.arange(n), np.ones(n)
    costs = np.full((n, n), np.inf)
    for at in range(n):
        costs[at] = _costs(points, weights, at)
    merges = np.zeros((max(n - 1, 0), 4))
    for step in range(n - 1):
        one, other = sorted(np.unravel_index(int(np.argmin(costs)), costs.shape))
        total = weights[one] + weights[other]
        leaves[one] += leaves[other]
        merges[step] = (*sorted((names[one], names[other])), np.sqrt(costs[one, other]), leaves[one])
        points[one] = (weights[one] * points[one] + weights[other] * points[other]) / total
        weights[one], weights[other], names[one] = total, np.inf, n + step
        costs[other] = costs[:, other] = np.inf
        costs[one] = costs[:, one] = _costs(points, weights, int(one))
    return merges


def _costs(points: Array, weights: Array, at: int) -> Array:
    """What merging each with ``at`` costs, float64 (n,); infinite for itself and for those that are gone."""
    gone = ~np.isfinite(weights)
    others = np.where(gone, 1.0, weights)
    apart = np.square(points - points[at]).sum(axis=1)
    costs: Array = 2 * others * weights[at] / (others + weights[at]) * apart
    costs[gone] = np.inf
    costs[at] = np.inf
    return costs


def cut(merges: Array, n_clusters: int) -> Index:
    """The cluster of each leaf when ``n_clusters`` are left, int32 (leaves,), numbered by their first leaf."""
    n = len(merges) + 1
    owner = np.arange(2 * n - 1)
    for step, (one, other) in enumerate(merges[: max(n - n_clusters, 0), :2].astype(np.int64)):
        owner[[one, other]] = n + step
    for node in range(2 * n - 2, -1, -1):  # parents come later: theirs is known by now
        owner[node] = owner[owner[node]]
    return _in_order_of_appearance(owner[:n])


def _in_order_of_appearance(labels: Array) -> Index:
    _, first, place = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first), dtype=np.int32)
    return rank[place]
